package dev.kumite.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProcessIdentityTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    @Test
    void aProcessIsFoundSignalledAndAwaited() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        ProcessIdentity identity = ProcessIdentity.of((int) process.pid()).orElseThrow();
        try {
            assertThat(identity.isAlive()).isTrue();
            assertThat(identity.signal(0)).isTrue();
            assertThat(identity.awaitExit(Duration.ofMillis(10))).isFalse();

            assertThat(identity.signal(Signals.KILL)).isTrue();

            assertThat(identity.awaitExit(LONG)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(identity.isAlive()).isFalse();
        assertThat(identity.signal(Signals.TERM)).isFalse();
        assertThat(identity.awaitExit(LONG)).isTrue();
    }

    @Test
    void anotherProcessWithTheSameNumberIsNotTouched() {
        ProcessIdentity self = ProcessIdentity.self();
        ProcessIdentity earlier = new ProcessIdentity(self.pid(), self.startTimeTicks() - 1);

        assertThat(earlier.isAlive()).isFalse();
        assertThat(earlier.signal(Signals.KILL)).isFalse();
        assertThat(earlier.awaitExit(LONG)).isTrue();
        assertThat(self.isAlive()).isTrue();
    }

    @Test
    void numbersThatNobodyHasAreEmpty() {
        assertThat(ProcessIdentity.of(0)).isEmpty();
        assertThat(ProcessIdentity.of(Integer.MAX_VALUE)).isEmpty();
        assertThatThrownBy(() -> new ProcessIdentity(0, 1)).isInstanceOf(LinuxException.class);
    }

    @Test
    void aCommandMayLookLikeTheRestOfTheLine() {
        String stat =
                "7 (a) Z 1 2 (b) ) S 1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 4711 3 5 184\n";

        ProcessIdentity.Status status = ProcessIdentity.Status.parse(stat);

        assertThat(status.state()).isEqualTo('S');
        assertThat(status.startTimeTicks()).isEqualTo(4711);
        assertThat(status.hasEnded()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "7",
                "7 (a)",
                "7 (a) S 1 2",
                "(a) S 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 x"
            })
    void otherStatusesAreRefused(String stat) {
        assertThatThrownBy(() -> ProcessIdentity.Status.parse(stat))
                .isInstanceOfSatisfying(
                        LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBADMSG));
    }
}
