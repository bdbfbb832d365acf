package dev.kumite.oci.testing;

import dev.kumite.oci.Capabilities;
import dev.kumite.oci.Device;
import dev.kumite.oci.Hooks;
import dev.kumite.oci.Hooks.Hook;
import dev.kumite.oci.IdMapping;
import dev.kumite.oci.Linux;
import dev.kumite.oci.Linux.IntelRdt;
import dev.kumite.oci.Linux.Personality;
import dev.kumite.oci.Linux.TimeOffset;
import dev.kumite.oci.Mount;
import dev.kumite.oci.Namespace;
import dev.kumite.oci.Process;
import dev.kumite.oci.Process.Box;
import dev.kumite.oci.Process.ExecCpuAffinity;
import dev.kumite.oci.Process.IoPriority;
import dev.kumite.oci.Process.Rlimit;
import dev.kumite.oci.Process.Scheduler;
import dev.kumite.oci.Root;
import dev.kumite.oci.Seccomp;
import dev.kumite.oci.Seccomp.Argument;
import dev.kumite.oci.Seccomp.Syscall;
import dev.kumite.oci.Spec;
import dev.kumite.oci.State;
import dev.kumite.oci.Uint64;
import dev.kumite.oci.User;
import dev.kumite.oci.Vm;
import java.util.List;
import java.util.Optional;

/**
 * Random containers, of values that the types allow; few of them make sense. Confined to one
 * thread.
 */
public final class GenSpec {

    private static final long UINT32_MAX = 0xFFFF_FFFFL;

    private final Gen gen;
    private final GenResources resources;

    private GenSpec(Gen gen) {
        this.gen = gen;
        resources = new GenResources(gen);
    }

    /** {@return a container; its process and capabilities may be absent} */
    public static Spec spec(Gen gen) {
        return new GenSpec(gen).spec();
    }

    /** {@return a process with or without capabilities} */
    public static Process process(Gen gen) {
        return new GenSpec(gen).process();
    }

    /** {@return a Linux section} */
    public static Linux linux(Gen gen) {
        return new GenSpec(gen).linux();
    }

    /** {@return a state} */
    public static State state(Gen gen) {
        return new State(
                gen.text(),
                gen.text(),
                gen.text(),
                gen.anyLong(),
                gen.text(),
                gen.map(4, gen::text));
    }

    private Spec spec() {
        return new Spec(
                gen.text(),
                gen.optional(this::process),
                gen.optional(() -> new Root(gen.text(), gen.bool())),
                gen.text(),
                gen.text(),
                gen.list(4, this::mount),
                gen.optional(this::hooks),
                gen.map(6, gen::text),
                gen.optional(this::linux),
                gen.optional(this::vm));
    }

    private Process process() {
        return new Process(
                gen.bool(),
                gen.optional(() -> new Box(uint64(), uint64())),
                new User(
                        gen.upTo(UINT32_MAX),
                        gen.upTo(UINT32_MAX),
                        uint32(),
                        gen.list(3, () -> gen.upTo(UINT32_MAX)),
                        gen.text()),
                texts(),
                gen.text(),
                texts(),
                gen.text(),
                gen.optional(() -> new Capabilities(texts(), texts(), texts(), texts(), texts())),
                gen.list(3, () -> new Rlimit(gen.text(), uint64(), uint64())),
                gen.bool(),
                gen.text(),
                gen.optional(gen::anyLong),
                gen.optional(this::scheduler),
                gen.text(),
                gen.optional(() -> new IoPriority(gen.text(), gen.anyLong())),
                gen.optional(() -> new ExecCpuAffinity(gen.text(), gen.text())));
    }

    private Scheduler scheduler() {
        return new Scheduler(
                gen.text(),
                (int) gen.anyLong(),
                (int) gen.anyLong(),
                texts(),
                uint64(),
                uint64(),
                uint64());
    }

    private Mount mount() {
        return new Mount(
                gen.text(),
                gen.text(),
                gen.text(),
                texts(),
                gen.list(2, this::idMapping),
                List.of());
    }

    private IdMapping idMapping() {
        return new IdMapping(gen.upTo(UINT32_MAX), gen.upTo(UINT32_MAX), gen.upTo(UINT32_MAX));
    }

    private Hooks hooks() {
        return new Hooks(hookList(), hookList(), hookList(), hookList(), hookList(), hookList());
    }

    private List<Hook> hookList() {
        return gen.list(
                2, () -> new Hook(gen.text(), texts(), texts(), gen.optional(gen::anyLong)));
    }

    private Vm vm() {
        return new Vm(
                gen.optional(() -> new Vm.Hypervisor(gen.text(), texts())),
                gen.optional(() -> new Vm.Kernel(gen.text(), texts(), gen.text())),
                gen.optional(() -> new Vm.Image(gen.text(), gen.text())));
    }

    private Linux linux() {
        return new Linux(
                gen.list(2, this::idMapping),
                gen.list(2, this::idMapping),
                gen.map(3, gen::text),
                gen.optional(resources::resources),
                gen.text(),
                gen.list(4, () -> new Namespace(gen.text(), gen.text())),
                gen.list(3, this::device),
                gen.optional(this::seccomp),
                gen.text(),
                texts(),
                texts(),
                gen.text(),
                gen.optional(() ->
                        new IntelRdt(gen.text(), gen.text(), gen.text(), gen.bool(), gen.bool())),
                gen.optional(() -> new Personality(gen.text(), texts())),
                gen.map(2, () -> new TimeOffset(gen.anyLong(), gen.upTo(UINT32_MAX))));
    }

    private Device device() {
        return new Device(
                gen.text(), gen.text(), gen.anyLong(), gen.anyLong(), uint32(), uint32(), uint32());
    }

    private Seccomp seccomp() {
        return new Seccomp(
                gen.text(),
                gen.optional(this::uint64),
                texts(),
                texts(),
                gen.text(),
                gen.text(),
                gen.list(3, this::syscall));
    }

    private Syscall syscall() {
        return new Syscall(
                texts(),
                gen.text(),
                gen.optional(this::uint64),
                gen.list(2, () -> new Argument(uint64(), uint64(), uint64(), gen.text())));
    }

    private List<String> texts() {
        return gen.list(3, gen::text);
    }

    private Uint64 uint64() {
        return Uint64.of(gen.anyLong());
    }

    private Optional<Long> uint32() {
        return gen.optional(() -> gen.upTo(UINT32_MAX));
    }
}
