package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** A machine that all tests share which do not need their own. It ends after the last of them. */
final class SharedMachine implements AutoCloseable {

    static final byte[] NOTHING = {};

    private final AtomicInteger number = new AtomicInteger();
    private final Path root = VmFixture.temporaryRoot();
    private final Path files;
    private final Path rootfs;
    private final Engine engine;
    private final Sandbox sandbox;

    private SharedMachine() {
        try {
            files = Files.createTempDirectory("kumite-files-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        rootfs = TestRootfs.make(files.resolve("rootfs"));
        engine = VmFixture.engine(root);
        sandbox =
                engine.start(
                        Workload.builder()
                                .id("shared")
                                .rootfs(rootfs)
                                .command("sleep", "100000")
                                .build());
    }

    /** Gives the machine to the constructors of tests. */
    static final class Extension implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == SharedMachine.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(
                            SharedMachine.class, _ -> new SharedMachine(), SharedMachine.class);
        }
    }

    Path files() {
        return files;
    }

    Path rootfs() {
        return rootfs;
    }

    Engine engine() {
        return engine;
    }

    Sandbox sandbox() {
        return sandbox;
    }

    /** {@return a name that no container has had} */
    String name() {
        return "c" + number.incrementAndGet();
    }

    /** {@return a container that runs a script} */
    Workload.Builder shell(String script) {
        return Workload.builder().id(name()).rootfs(rootfs).command("sh", "-c", script);
    }

    /** Runs a container to its end. */
    VmFixture.Result run(Workload.Builder workload) {
        return run(workload.build(), NOTHING);
    }

    /** Runs a container to its end, with this input. */
    VmFixture.Result run(ContainerRequest request, byte[] input) {
        try (Container container = sandbox.create(request)) {
            return VmFixture.finish(container.start(), input);
        }
    }

    @Override
    public void close() {
        sandbox.close();
        assertThat(SandboxFinder.directories(root)).isEmpty();
        try {
            Files.delete(root);
            // A temporary directory of ours, in which nothing is mounted any more.
            try (Stream<Path> all = Files.walk(files)) {
                for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
