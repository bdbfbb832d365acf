package dev.kumite.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordsTest {

    private static State state(Map<String, String> annotations) {
        return new State("", "", "", 0, "", annotations);
    }

    @Nested
    class Lists {

        @Test
        void areCopied() {
            List<String> options = new ArrayList<>(List.of("ro"));

            Mount mount = Mount.of("/", "", "", options);
            options.add("rw");

            assertThat(mount.options()).containsExactly("ro");
        }

        @Test
        void cannotBeChanged() {
            List<String> options = Mount.of("/", "", "", new ArrayList<>(List.of("ro"))).options();

            assertThatThrownBy(() -> options.add("rw"))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Nested
    class Maps {

        @Test
        void areCopiedInTheirOrder() {
            Map<String, String> annotations = new LinkedHashMap<>();
            annotations.put("z", "1");
            annotations.put("a", "2");

            State state = state(annotations);
            annotations.put("b", "3");

            assertThat(state.annotations().keySet()).containsExactly("z", "a");
        }

        @Test
        void cannotBeChanged() {
            Map<String, String> annotations = state(Map.of("a", "1")).annotations();

            assertThatThrownBy(() -> annotations.put("b", ""))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> annotations.remove("a"))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> annotations.entrySet().iterator().next().setValue("2"))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(annotations::clear)
                    .isInstanceOf(UnsupportedOperationException.class);
        }

        @Test
        void areNotCopiedAgain() {
            Map<String, String> annotations = state(Map.of("a", "1")).annotations();

            assertThat(state(annotations).annotations()).isSameAs(annotations);
        }

        @Test
        void equalOtherMapsOfTheSameEntries() {
            Map<String, String> annotations = state(Map.of("a", "1")).annotations();

            assertThat(annotations).isEqualTo(Map.of("a", "1")).hasSameHashCodeAs(Map.of("a", "1"));
            assertThat(annotations.get("a")).isEqualTo("1");
            assertThat(annotations.containsKey("b")).isFalse();
            assertThat(annotations).hasToString("{a=1}");
        }

        @Test
        void holdNoNull() {
            Map<String, String> annotations = new LinkedHashMap<>();
            annotations.put("a", null);

            assertThatNullPointerException().isThrownBy(() -> state(annotations));
        }
    }

    @Nested
    class Numbers {

        @ParameterizedTest
        @ValueSource(longs = {-1, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE})
        void of32BitsWithoutSignAreChecked(long value) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new User(value, 0, Optional.empty(), List.of(), ""));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new User(0, value, Optional.empty(), List.of(), ""));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new User(0, 0, Optional.of(value), List.of(), ""));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new User(0, 0, Optional.empty(), List.of(value), ""))
                    .withMessage("additionalGids is " + value + ", not from 0 to 4294967295");
        }

        @Test
        void of16BitsWithoutSignAreChecked() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            new Resources.WeightDevice(
                                    0, 0, Optional.of(65_536L), Optional.empty()));
        }
    }

    @Test
    void thatAreEmptyHoldNothing() {
        assertThat(Spec.empty().process()).isEmpty();
        assertThat(Process.empty().args()).isEmpty();
        assertThat(Linux.empty().resources()).isEmpty();
        assertThat(Resources.empty().memory()).isEmpty();
        assertThat(Capabilities.empty().bounding()).isEmpty();
    }

    @Test
    void ofProcessesGiveOthersWithOtherCapabilities() {
        Process process = Process.empty().withCapabilities(Optional.of(Capabilities.empty()));

        assertThat(process.capabilities()).hasValue(Capabilities.empty());
        assertThat(process.withCapabilities(Optional.empty())).isEqualTo(Process.empty());
    }
}
