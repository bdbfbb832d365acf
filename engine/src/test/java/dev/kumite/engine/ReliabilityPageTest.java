package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the page to the tests. {@code -Dkumite.page.write=true} writes it. */
class ReliabilityPageTest {

    private static final Path PAGE = Path.of("../docs/reliability.md");

    private static final String HEADING =
            """
            # Reliability

            What goes wrong, when, what the caller is told, and what is left. After each of these, no process, mount,
            socket or directory of the sandbox is left but its record (`kumite logs`), of which the last 16 are kept.
            Each row is a test with a real machine (`FaultVmTest`); this page is made from the same table.

            | fault | when | message | outcome |
            |---|---|---|---|
            """;

    private static final String LIARS =
            """

            Peers that lie are played by programs of the tests, without a machine: a hypervisor (`HostileQemuTest`) that sends garbage,
            a line without an end, blank lines or a greeting a byte at a time, answers that nobody asked for, each answer twice, events
            without end, or nothing; an agent (`HostileAgentTest`) that lies about bytes, floods, or is silent. The start, or the call,
            fails with a message that says so, in time and in bounded memory; nothing is left, and other sandboxes go on.
            """;

    @Test
    void saysWhatTheTestsShow() throws IOException {
        String page =
                HEADING
                        + Arrays.stream(Fault.values())
                                .map(Fault::row)
                                .collect(Collectors.joining("\n"))
                        + "\n"
                        + LIARS;
        if (Boolean.getBoolean("kumite.page.write")) {
            Files.writeString(PAGE, page);
        }

        assertThat(PAGE).content().isEqualTo(page);
    }

    @Test
    void everyRowHasATest() {
        assertThat(Arrays.stream(FaultVmTest.class.getDeclaredMethods()).map(Method::getName))
                .containsAll(Arrays.stream(Fault.values()).map(Fault::testName).toList());
    }
}
