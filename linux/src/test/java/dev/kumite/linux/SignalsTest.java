package dev.kumite.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SignalsTest {
    @ParameterizedTest
    @CsvSource({
        "SIGKILL,9",
        "KILL,9",
        "kill,9",
        "sigterm,15",
        "9,9",
        "64,64",
        "SIGCHLD,17",
        "CLD,17",
        "SIGIOT,6",
        "SIGPOLL,29",
        "SIGRTMIN,34",
        "RTMIN+2,36",
        "SIGRTMAX,64",
        "SIGRTMAX-1,63",
        "SYS,31",
        "UNUSED,31"
    })
    void namesAndNumbersAreUnderstood(String text, int signal) {
        assertThat(Signals.parse(text)).isEqualTo(OptionalInt.of(signal));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SIG",
                "SIG9",
                "0",
                "65",
                "-9",
                "999999999999",
                "SIGSIGKILL",
                "RTMIN+31",
                "RTMIN-1",
                "RTMAX-31",
                "RTMAX+1",
                "RTMIN+",
                "RTMIN+x",
                "ı",
                "9 "
            })
    void otherTextIsNoSignal(String text) {
        assertThat(Signals.parse(text)).isEmpty();
    }

    @Test
    void everyNameIsUnderstoodAgain() {
        for (int signal = 1; signal <= Signals.MAX; signal++) {
            assertThat(Signals.parse(Signals.name(signal))).isEqualTo(OptionalInt.of(signal));
        }
        assertThat(Signals.name(32)).isEqualTo("32");
        assertThat(Signals.name(35)).isEqualTo("SIGRTMIN+1");
    }

    @Test
    void aProcessThatIsNotThereIsNoError() {
        assertThat(Signals.kill(Integer.MAX_VALUE, 0)).isFalse();
        assertThat(Signals.kill((int) ProcessHandle.current().pid(), 0)).isTrue();
    }
}
