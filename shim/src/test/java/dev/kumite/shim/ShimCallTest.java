package dev.kumite.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ShimCallTest {

    @Test
    void readsWhatContainerdGives() {
        ShimCall call =
                ShimCall.parse(
                        List.of(
                                "-namespace",
                                "default",
                                "-address",
                                "/run/c.sock",
                                "-publish-binary",
                                "/usr/bin/containerd",
                                "-id",
                                "a1",
                                "-debug",
                                "start"));

        assertThat(call)
                .isEqualTo(
                        new ShimCall(
                                ShimCall.Action.START,
                                "default",
                                "/run/c.sock",
                                "a1",
                                Optional.empty()));
    }

    @Test
    void readsFlagsOfBothForms() {
        ShimCall call =
                ShimCall.parse(List.of("--namespace=n", "-id=x", "-bundle", "/b", "delete"));

        assertThat(call.action()).isEqualTo(ShimCall.Action.DELETE);
        assertThat(call.bundle()).contains("/b");
        assertThat(call.namespace()).isEqualTo("n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-id x start",
                "-namespace n start",
                "-namespace n -id x",
                "-namespace n -id x stop",
                "-namespace n -id",
                "-namespace n -id x -colour red start"
            })
    void refusesWhatMakesNoSense(String line) {
        assertThatThrownBy(() -> ShimCall.parse(List.of(line.split(" "))))
                .isInstanceOf(ShimException.class)
                .hasMessageContaining("usage:");
    }
}
