package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.agentprotocol.messages.AgentDetails;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Spec;
import dev.kumite.oci.SpecReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignGuestTest {

    private static final String PLAIN =
            """
            {"process": {"cwd": "/"}, "root": {"path": "r"}, "linux": {}}\
            """;

    private static Spec spec(String json) {
        return SpecReader.read(json, "config.json").value().orElseThrow();
    }

    private static List<Problem> omissions(String json, String version, boolean seccomp) {
        return ForeignGuest.omissions(
                spec(json),
                AgentDetails.newBuilder().setVersion(version).setSupportsSeccomp(seccomp).build());
    }

    @Test
    void namesAFilterThatTheAgentCannotApply() {
        String filter =
                """
                {"process": {"cwd": "/"}, "root": {"path": "r"}, "linux": {"seccomp": {"defaultAction": "SCMP_ACT_ALLOW"}}}\
                """;

        assertThat(omissions(filter, "2.5.0", false))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.isError()).isFalse();
                    assertThat(problem.describe()).contains("system calls").contains("2.5.0");
                });
        assertThat(omissions(filter, "2.5.0", true)).isEmpty();
        assertThat(omissions(PLAIN, "2.5.0", false)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2.5.0-alpha2, false",
        "3.0.2, false",
        "3.1.0, true",
        "3.10.1, true",
        "4.0.0, true",
        "newest, true"
    })
    void namesHooksThatAnOlderAgentDoesNotRun(String version, boolean runs) {
        String hooks =
                """
                {"process": {"cwd": "/"}, "root": {"path": "r"}, "linux": {}, "hooks": {"startContainer": [{"path": "/bin/x"}]}}\
                """;

        assertThat(omissions(hooks, version, true)).hasSize(runs ? 0 : 1);
    }
}
