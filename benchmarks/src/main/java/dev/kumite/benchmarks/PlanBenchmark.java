package dev.kumite.benchmarks;

import dev.kumite.config.BuildConstants;
import dev.kumite.config.KataJson;
import dev.kumite.config.SandboxConfig;
import dev.kumite.config.SandboxPlanner;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Spec;
import dev.kumite.oci.SpecReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Reading a specification and planning from it, single-threaded, over golden vectors: every
 * invocation takes the next one, so a score is the mean time of one. Confined to JMH's thread.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PlanBenchmark {

    /** Which vectors: all that a QEMU configuration plans, or those that real tools wrote. */
    @Param({"qemu", "realistic"})
    public String cases = "";

    private List<PlanCase> vectors = List.of();
    private List<Spec> specs = List.of();
    private Path root = Path.of("");
    private int next;

    /** Builds the files that the vectors name, and loads their configurations. */
    @Setup
    public void load() throws IOException {
        root = Files.createTempDirectory("kumite-benchmark").toRealPath();
        vectors = PlanCase.load(root, cases.equals("realistic"));
        specs = vectors.stream().map(PlanBenchmark::read).toList();
    }

    /** Removes the files again. */
    @TearDown
    public void remove() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** {@return a specification, from text in memory} */
    @Benchmark
    public Spec parse() {
        return read(vectors.get(advance()));
    }

    /** {@return a plan, from a specification} */
    @Benchmark
    public Outcome<SandboxConfig> plan() {
        int index = advance();
        return plan(vectors.get(index), specs.get(index));
    }

    /** {@return a plan, from text in memory; compares with the original's "parse + translate"} */
    @Benchmark
    public Outcome<SandboxConfig> parseAndPlan() {
        PlanCase vector = vectors.get(advance());
        return plan(vector, read(vector));
    }

    /** {@return the answer's JSON, from text in memory} */
    @Benchmark
    public String parsePlanAndPrint() {
        PlanCase vector = vectors.get(advance());
        return KataJson.of(plan(vector, read(vector)).value().orElseThrow());
    }

    private int advance() {
        next = next + 1 < vectors.size() ? next + 1 : 0;
        return next;
    }

    private static Spec read(PlanCase vector) {
        return SpecReader.read(vector.spec(), "config.json").value().orElseThrow();
    }

    private static Outcome<SandboxConfig> plan(PlanCase vector, Spec spec) {
        return SandboxPlanner.of(vector.runtime(), vector.host(), BuildConstants.PACKAGED)
                .sandbox(spec, vector.request(), vector.sizing());
    }
}
