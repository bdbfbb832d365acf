package dev.kumite.engine;

import dev.kumite.config.Plan;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** The snippets of the package's documentation; compiled, and run by tests with a machine. */
final class Tutorial {

    private final Engine engine;
    private final Path rootfs;

    Tutorial(Engine engine, Path rootfs) {
        this.engine = engine;
        this.rootfs = rootfs;
    }

    int run() throws IOException {
        // @start region="run"
        Workload.Builder hello = Workload.builder().rootfs(rootfs).command("echo", "hello");
        try (Sandbox sandbox = engine.start(hello.build())) { // engine = Engine.open()
            ContainerProcess process = sandbox.container().process();
            process.stdout().transferTo(System.out);
            return process.await(Duration.ofSeconds(60)).code();
        }
        // @end
    }

    ExitStatus limits(Path script) {
        // @start region="limits"
        ContainerRequest untrusted =
                Workload.builder()
                        .rootfs(rootfs)
                        .readOnlyRoot()
                        .mountReadOnly(script, "/script")
                        .command("sh", "/script")
                        .memory(MemorySize.ofMib(64))
                        .cpus(0.5)
                        .pids(16)
                        .noNetwork()
                        .build();
        try (Sandbox sandbox = engine.start(untrusted)) {
            ContainerProcess process = sandbox.container().process();
            try {
                return process.await(Duration.ofSeconds(60));
            } catch (EngineException e) {
                process.signal(9); // it took too long
                return process.await(Duration.ofSeconds(60));
            }
        }
        // @end
    }

    String exec(Sandbox sandbox) throws IOException {
        // @start region="exec"
        ContainerProcess sort = sandbox.container().exec(ProcessSpec.command("sort"));
        try (OutputStream stdin = sort.stdin()) {
            stdin.write("b\na\n".getBytes(StandardCharsets.UTF_8));
        }
        String sorted = new String(sort.stdout().readAllBytes(), StandardCharsets.UTF_8);
        // @end
        return sorted;
    }

    void bundle(Path directory) {
        // @start region="bundle"
        ContainerRequest request = ContainerRequest.ofBundle(directory, "my-container");
        Outcome<Plan> plan = engine.plan(request);
        for (Problem problem : plan.problems()) {
            System.err.println(problem.describe());
        }
        if (!plan.isRefused()) {
            try (Sandbox sandbox = engine.start(request)) {
                ExitStatus status = sandbox.container().process().await();
                System.err.println("exit code " + status.code());
            }
        }
        // @end
    }

    void failure(ContainerRequest request) {
        // @start region="failure"
        try (Sandbox sandbox = engine.start(request)) {
            sandbox.container().process().await();
        } catch (EngineException e) {
            System.err.println(e.getMessage() + "; " + e.remedy());
            e.step().ifPresent(step -> System.err.println("in step " + step.word()));
            e.evidence().forEach(System.err::println);
        }
        // @end
    }

    void crash() {
        // @start region="crash"
        for (SandboxStatus status : engine.list()) {
            System.err.println(status.id() + " is " + status.state().word());
        }
        GarbageReport report = engine.collectGarbage();
        System.err.println("released: " + report.released());
        // @end
    }
}
