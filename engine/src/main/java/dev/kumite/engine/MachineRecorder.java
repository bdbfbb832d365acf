package dev.kumite.engine;

import dev.kumite.vmm.Limits;
import dev.kumite.vmm.MachineListener;
import dev.kumite.vmm.MachineState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Hears what a machine says, and writes it down.
 *
 * @param home gets the machine's processes, as soon as they are there
 * @param record gets lines
 * @param clock gets the steps of a start; null if the machine was started before
 * @param groups the control groups that its processes are put into, as soon as they are there
 */
record MachineRecorder(
        SandboxHome home, RecordWriter record, @Nullable StepClock clock, List<Path> groups)
        implements MachineListener {

    /** A machine in the control groups of whoever starts it, or one that was started before. */
    MachineRecorder(SandboxHome home, RecordWriter record, @Nullable StepClock clock) {
        this(home, record, clock, List.of());
    }

    /** {@return the machine's part of the deadlines} */
    static Limits limits(Deadlines deadlines) {
        return new Limits(deadlines.qmp(), deadlines.qmp(), deadlines.call());
    }

    @Override
    public void started(MachineState state) {
        home.update(known -> known.withMachine(state));
        if (!groups.isEmpty()) {
            Stream.of(state.virtiofsd(), state.vsockDevice(), state.qemu())
                    .flatMap(Optional::stream)
                    .forEach(process -> HostCgroups.attach(groups, process.pid(), record::note));
        }
    }

    @Override
    public void plugging(MachineState state) {
        home.update(known -> known.withMachine(state));
    }

    @Override
    public void step(String name, Duration took) {
        if (clock != null) {
            clock.took(name, took);
        }
    }

    @Override
    public void line(Source source, String text) {
        record.add(
                switch (source) {
                    case CONSOLE -> ConsoleLine.source(text);
                    case QEMU -> RecordEntry.Source.QEMU;
                    case VIRTIOFSD -> RecordEntry.Source.VIRTIOFSD;
                    case VSOCK_DEVICE -> RecordEntry.Source.VSOCK_DEVICE;
                },
                text);
    }
}
