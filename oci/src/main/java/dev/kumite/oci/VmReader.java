package dev.kumite.oci;

import dev.kumite.oci.Vm.Hypervisor;
import dev.kumite.oci.Vm.Image;
import dev.kumite.oci.Vm.Kernel;
import java.util.List;
import java.util.Optional;

/** Reads {@code vm}. Source: runtime-spec config-vm.md. */
final class VmReader {

    private static final Names VM = Names.of("hypervisor", "kernel", "image");
    private static final Names HYPERVISOR = Names.of("path", "parameters");
    private static final Names KERNEL = Names.of("path", "parameters", "initrd");
    private static final Names IMAGE = Names.of("path", "format");

    private VmReader() {}

    static Vm vm(JsonInput in) {
        Optional<Hypervisor> hypervisor = Optional.empty();
        Optional<Kernel> kernel = Optional.empty();
        Optional<Image> image = Optional.empty();
        for (String name = in.first(VM); name != null; name = in.next(VM)) {
            switch (name) {
                case "hypervisor" -> hypervisor = in.object(VmReader::hypervisor);
                case "kernel" -> kernel = in.object(VmReader::kernel);
                case "image" -> image = in.object(VmReader::image);
                default -> throw new AssertionError(name);
            }
        }
        return new Vm(hypervisor, kernel, image);
    }

    private static Hypervisor hypervisor(JsonInput in) {
        String path = "";
        List<String> parameters = List.of();
        for (String name = in.first(HYPERVISOR); name != null; name = in.next(HYPERVISOR)) {
            switch (name) {
                case "path" -> path = in.string();
                case "parameters" -> parameters = in.strings();
                default -> throw new AssertionError(name);
            }
        }
        return new Hypervisor(path, parameters);
    }

    private static Kernel kernel(JsonInput in) {
        String path = "";
        List<String> parameters = List.of();
        String initrd = "";
        for (String name = in.first(KERNEL); name != null; name = in.next(KERNEL)) {
            switch (name) {
                case "path" -> path = in.string();
                case "parameters" -> parameters = in.strings();
                case "initrd" -> initrd = in.string();
                default -> throw new AssertionError(name);
            }
        }
        return new Kernel(path, parameters, initrd);
    }

    private static Image image(JsonInput in) {
        String path = "";
        String format = "";
        for (String name = in.first(IMAGE); name != null; name = in.next(IMAGE)) {
            switch (name) {
                case "path" -> path = in.string();
                case "format" -> format = in.string();
                default -> throw new AssertionError(name);
            }
        }
        return new Image(path, format);
    }
}
