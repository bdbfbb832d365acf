package dev.kumite.vmm;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;

/** How a machine comes to life. */
public sealed interface Boot {

    /** {@return the file that is the machine's memory; QEMU makes one of its own without} */
    default Optional<Path> memory() {
        return Optional.empty();
    }

    /** From its kernel. */
    record Cold() implements Boot {}

    /**
     * From its kernel, to be written down as a template: without what a template cannot have, which
     * is the share, and with memory that somebody else can read.
     *
     * @param file the memory, of the machine's size
     */
    record ForTemplate(Path file) implements Boot {
        public ForTemplate {
            requireNonNull(file, "file is null");
        }

        @Override
        public Optional<Path> memory() {
            return Optional.of(file);
        }
    }

    /**
     * From where the machine of a template stood still. What the template does not have is plugged
     * in before it goes on.
     *
     * @param file a copy of the template's memory, this machine's own
     * @param template the rest
     */
    record FromTemplate(Path file, MachineTemplate template) implements Boot {
        public FromTemplate {
            requireNonNull(file, "file is null");
            requireNonNull(template, "template is null");
        }

        @Override
        public Optional<Path> memory() {
            return Optional.of(file);
        }
    }
}
