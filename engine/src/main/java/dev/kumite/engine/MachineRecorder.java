package dev.kumite.engine;

import dev.kumite.vmm.Limits;
import dev.kumite.vmm.MachineListener;
import dev.kumite.vmm.MachineState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Hears what a machine says, and writes it down.
 *
 * @param home gets the machine's processes, as soon as they are there
 * @param record gets lines
 * @param clock gets the steps of a start; null if the machine was started before
 */
record MachineRecorder(SandboxHome home, RecordWriter record, @Nullable StepClock clock)
        implements MachineListener {

    /** {@return the machine's part of the deadlines} */
    static Limits limits(Deadlines deadlines) {
        return new Limits(deadlines.qmp(), deadlines.qmp(), deadlines.call());
    }

    @Override
    public void started(MachineState state) {
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
                },
                text);
    }
}
