package dev.kumite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TimingsChartTest {

    private static final TimingsChart CHART =
            TimingsChart.of(
                    "run of a<b",
                    List.of(
                            new TimingsChart.Phase("qemu", Duration.ZERO, Duration.ofMillis(250)),
                            new TimingsChart.Phase(
                                    "agent", Duration.ofMillis(250), Duration.ofMillis(750)),
                            new TimingsChart.Phase(
                                    "end", Duration.ofMillis(1000), Duration.ofNanos(1))));

    @Test
    void drawsBarsOnOneAxis() {
        assertThat(CHART.text())
                .containsExactly(
                        "run of a<b",
                        "  qemu          250 ms  " + "\u2588".repeat(12),
                        "  agent         750 ms  " + " ".repeat(12) + "\u2588".repeat(36),
                        "  end           0.0 ms  " + " ".repeat(47) + "\u2588",
                        "  together     1000 ms");
    }

    @Test
    void drawsNothingOfNothing() {
        assertThat(TimingsChart.of("nothing", List.of()).text()).hasSize(2);
    }

    @Test
    void drawsTheSameAsAPicture() throws Exception {
        String svg = CHART.svg();

        assertThat(svg).startsWith("<svg ").endsWith("</svg>\n").contains("run of a&lt;b, 1000 ms");
        assertThat(svg.split("<rect ", -1)).hasSize(1 + 1 + 3);
        javax.xml.parsers.DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(
                        new java.io.ByteArrayInputStream(
                                svg.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }
}
