package dev.kumite.vmm;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * One switch of QEMU's command line. The records and their components are named as QEMU names its
 * switches and parameters. What the host provides (a {@link Backend}) and what the guest sees (a
 * {@link Device}) are apart, and joined in {@link QemuCommandLine} only.
 *
 * <p>Source: QEMU 7.2, {@code qemu-options.hx}.
 */
public sealed interface QemuSwitch permits Backend, Device, QemuSwitch.Plain, QemuSwitch.Optioned {

    /** {@return the switch and its value, as separate arguments} */
    List<String> arguments();

    /** A switch whose value, if any, is one plain text. */
    sealed interface Plain extends QemuSwitch {}

    /** A switch whose value is a list of options. */
    sealed interface Optioned extends QemuSwitch {

        /** {@return the switch itself} */
        String name();

        /** {@return its options} */
        Options options();

        @Override
        default List<String> arguments() {
            return List.of(name(), options().keyval());
        }
    }

    /**
     * {@code -name}.
     *
     * @param guest shown in process lists
     * @param debugThreads whether threads are named
     */
    record Name(String guest, boolean debugThreads) implements Optioned {
        @Override
        public String name() {
            return "-name";
        }

        @Override
        public Options options() {
            return Options.of("guest", guest).flag("debug-threads", debugThreads).build();
        }
    }

    /**
     * {@code -uuid}.
     *
     * @param uuid the machine's
     */
    record Uuid(UUID uuid) implements Plain {
        @Override
        public List<String> arguments() {
            return List.of("-uuid", uuid.toString());
        }
    }

    /**
     * {@code -machine}.
     *
     * @param type such as {@code q35}
     * @param memoryBackend id of the object that is the machine's memory
     * @param nvdimm whether it can have non-volatile memory
     * @param pcie whether a microvm has PCI Express; the other types decide themselves
     * @param acpi whether a microvm has ACPI; the other types have it
     * @param extra further options as configured, between commas; may be empty
     */
    record Machine(
            String type,
            String memoryBackend,
            boolean nvdimm,
            boolean pcie,
            boolean acpi,
            String extra)
            implements Optioned {
        @Override
        public String name() {
            return "-machine";
        }

        @Override
        public Options options() {
            Options.Builder options =
                    Options.of("type", type)
                            .text("memory-backend", memoryBackend)
                            // a core dump of QEMU must not hold what the guest had in memory
                            .flag("dump-guest-core", false);
            switch (type) {
                case "q35" -> options.flag("smbus", false).flag("sata", false);
                case "microvm" -> options.flag("pcie", pcie).flag("acpi", acpi).flag("rtc", true);
                default -> {}
            }
            options.flagIfOn("nvdimm", nvdimm);
            for (String option : extra.split(",", -1)) {
                int equals = option.indexOf('=');
                if (equals > 0) {
                    options.text(option.substring(0, equals), option.substring(equals + 1));
                } else if (equals < 0 && !option.isEmpty()) {
                    // Source: QEMU, an option without a value means on
                    options.text(option, "on");
                }
            }
            return options.build();
        }
    }

    /**
     * {@code -accel}.
     *
     * @param accelerator what runs the guest's instructions
     * @param kernelIrqchip {@code split}, or empty for KVM's own; TCG has none
     */
    record Accel(Accelerator accelerator, String kernelIrqchip) implements Optioned {
        @Override
        public String name() {
            return "-accel";
        }

        @Override
        public Options options() {
            return switch (accelerator) {
                case KVM ->
                        Options.of("accel", "kvm")
                                .textIfAny("kernel-irqchip", kernelIrqchip)
                                .build();
                case TCG -> Options.of("accel", "tcg").build();
            };
        }
    }

    /**
     * {@code -cpu}.
     *
     * @param model such as {@code host}
     * @param features between commas, as configured; may be empty
     */
    record Cpu(String model, String features) implements Plain {
        @Override
        public List<String> arguments() {
            return List.of("-cpu", features.isEmpty() ? model : model + "," + features);
        }
    }

    /**
     * {@code -smp}.
     *
     * @param cpus at boot
     * @param maxcpus most that there can ever be; one socket for each
     */
    record Smp(long cpus, long maxcpus) implements Optioned {
        @Override
        public String name() {
            return "-smp";
        }

        @Override
        public Options options() {
            return Options.of("cpus", Long.toString(cpus))
                    .number("cores", 1)
                    .number("threads", 1)
                    .number("sockets", maxcpus)
                    .number("maxcpus", maxcpus)
                    .build();
        }
    }

    /**
     * {@code -m}.
     *
     * @param sizeMib at boot
     * @param slots for memory that is plugged in later; 0 for none
     * @param maxmemMib most that there can ever be; not used without slots
     */
    record Memory(long sizeMib, long slots, long maxmemMib) implements Optioned {
        @Override
        public String name() {
            return "-m";
        }

        @Override
        public Options options() {
            Options.Builder options = Options.of("size", sizeMib + "M");
            if (slots > 0) {
                options.number("slots", slots).text("maxmem", maxmemMib + "M");
            }
            return options.build();
        }
    }

    /**
     * {@code -kernel} and {@code -append}.
     *
     * @param path the kernel
     * @param append its parameters, between spaces
     */
    record Kernel(Path path, String append) implements Plain {
        @Override
        public List<String> arguments() {
            return List.of("-kernel", path.toString(), "-append", append);
        }
    }

    /**
     * {@code -initrd}.
     *
     * @param path the archive
     */
    record Initrd(Path path) implements Plain {
        @Override
        public List<String> arguments() {
            return List.of("-initrd", path.toString());
        }
    }

    /**
     * {@code -bios}.
     *
     * @param path the firmware
     */
    record Bios(Path path) implements Plain {
        @Override
        public List<String> arguments() {
            return List.of("-bios", path.toString());
        }
    }

    /**
     * {@code -drive if=pflash}: the only way to fill the flash memory of every machine type.
     *
     * @param unit from 0
     * @param file its contents
     * @param readonly whether the guest can change it
     */
    record Pflash(int unit, Path file, boolean readonly) implements Optioned {
        @Override
        public String name() {
            return "-drive";
        }

        @Override
        public Options options() {
            return Options.of("if", "pflash")
                    .number("unit", unit)
                    .text("format", "raw")
                    .flag("readonly", readonly)
                    .text("file", file.toString())
                    .build();
        }
    }

    /**
     * {@code -mon}: the control socket.
     *
     * @param chardev that carries it
     */
    record Mon(String chardev) implements Optioned {
        @Override
        public String name() {
            return "-mon";
        }

        @Override
        public Options options() {
            return Options.of("chardev", chardev).text("mode", "control").build();
        }
    }

    /**
     * {@code -serial}: the machine's own serial port.
     *
     * @param chardev at its other end
     */
    record Serial(String chardev) implements Plain {
        @Override
        public List<String> arguments() {
            return List.of("-serial", "chardev:" + chardev);
        }
    }

    /**
     * {@code -sandbox}: QEMU's own seccomp filter.
     *
     * @param elevateprivileges {@code deny}, or {@code allow} where QEMU has to change its user
     */
    record Sandbox(String elevateprivileges) implements Optioned {
        @Override
        public String name() {
            return "-sandbox";
        }

        @Override
        public Options options() {
            return Options.named()
                    .flag("enable", true)
                    .text("obsolete", "deny")
                    .text("elevateprivileges", elevateprivileges)
                    .text("spawn", "deny")
                    .text("resourcecontrol", "deny")
                    .build();
        }
    }

    /**
     * {@code -runas}.
     *
     * @param uid the user
     * @param gid the group
     */
    record RunAs(long uid, long gid) implements Plain {
        @Override
        public List<String> arguments() {
            return List.of("-runas", uid + ":" + gid);
        }
    }

    /**
     * {@code -global}: a property of all devices of a kind.
     *
     * @param driver the kind
     * @param property its name
     * @param value what it becomes
     */
    record Global(String driver, String property, String value) implements Optioned {
        @Override
        public String name() {
            return "-global";
        }

        @Override
        public Options options() {
            return Options.named()
                    .text("driver", driver)
                    .text("property", property)
                    .text("value", value)
                    .build();
        }
    }

    /**
     * {@code -incoming}: the machine's state comes from elsewhere.
     *
     * @param uri where from; {@code defer} to say it over QMP
     */
    record Incoming(String uri) implements Plain {
        @Override
        public List<String> arguments() {
            return List.of("-incoming", uri);
        }
    }

    /**
     * {@code -display}.
     *
     * @param type such as {@code none}
     */
    record Display(String type) implements Plain {
        @Override
        public List<String> arguments() {
            return List.of("-display", type);
        }
    }

    /**
     * A switch without a value, such as {@code -nodefaults}.
     *
     * @param name the switch itself
     */
    record Flag(String name) implements Plain {
        public Flag {
            requireNonNull(name, "name is null");
        }

        @Override
        public List<String> arguments() {
            return List.of(name);
        }
    }
}
