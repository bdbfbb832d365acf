package dev.kumite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.linux.Signals;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SignalRelayTest {

    private final AtomicInteger abandoned = new AtomicInteger();
    private final AtomicInteger resized = new AtomicInteger();
    private final SignalRelay relay =
            new SignalRelay(Thread.currentThread(), abandoned::incrementAndGet);

    @AfterEach
    void forgetInterrupts() {
        Thread.interrupted();
    }

    @Test
    void endsAStart() {
        relay.receive(Signals.INT);

        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        assertThat(relay.cancelled()).hasValue(Signals.INT);
    }

    @Test
    void doesNotEndAStartForSignalsThatSaySomethingElse() {
        relay.receive(Signals.WINCH);
        relay.receive(10);

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(relay.cancelled()).isEmpty();
    }

    @Test
    void handsSignalsOn() throws IOException {
        try (LocalProgram program = LocalProgram.shell("exec sleep 60")) {
            relay.handTo(program, resized::incrementAndGet);
            relay.receive(Signals.TERM);

            assertThat(program.await().code()).isEqualTo(128 + Signals.TERM);
        }
    }

    @Test
    void handsOnWhatCameTooLateToEndTheStart() throws IOException {
        relay.receive(Signals.HUP);

        try (LocalProgram program = LocalProgram.shell("exec sleep 60")) {
            relay.handTo(program, resized::incrementAndGet);

            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            assertThat(relay.cancelled()).isEmpty();
            assertThat(program.await().code()).isEqualTo(128 + Signals.HUP);
        }
    }

    @Test
    void tellsTheSizeInsteadOfTheSignal() throws IOException {
        try (LocalProgram program = LocalProgram.shell("exec sleep 60")) {
            relay.handTo(program, resized::incrementAndGet);
            relay.receive(Signals.WINCH);
        }

        assertThat(resized).hasValue(1);
    }

    @Test
    void doesNothingAfterTheEndUnlessSomebodyInsists() throws IOException {
        try (LocalProgram program = LocalProgram.shell("true")) {
            relay.handTo(program, resized::incrementAndGet);
            program.await();
        }
        relay.end();

        relay.receive(Signals.INT);
        relay.receive(Signals.INT);
        assertThat(abandoned).hasValue(0);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();

        relay.receive(Signals.INT);
        assertThat(abandoned).hasValue(1);
    }
}
