package dev.kumite.oci;

import dev.kumite.oci.Hooks.Hook;

/**
 * Writes {@code config.json} and parts of it as Go programs do: members in the order of the
 * specification, absent and zero values left out where it allows that, one line.
 *
 * <p>{@link SpecReader#readPlain(String, String)} reads what was written and gives an equal value,
 * unless a string holds a surrogate without its partner, or something is larger than {@link Limits}
 * allows.
 *
 * <p>Source: runtime-spec specs-go/config.go, 1.2.
 */
public final class SpecWriter {

    private SpecWriter() {}

    /** {@return the {@code config.json} of a container} */
    public static String write(Spec spec) {
        return JsonOutput.document(spec, SpecWriter::spec);
    }

    /** {@return the object that {@code linux.resources} is} */
    public static String resources(Resources resources) {
        return JsonOutput.document(resources, ResourcesWriter::resources);
    }

    /**
     * {@return the object that {@code linux.resources} is, with only what kata's data types know}
     *
     * <p>Members that the specification got later are left out ({@code memory.checkBeforeUpdate},
     * {@code cpu.burst}, {@code cpu.idle}), as are objects that hold nothing. Numbers and truth
     * values that are present stay, also as 0 and false.
     *
     * <p>Source: kata f9e96c650641, runtime-spec 1.0.3.
     */
    public static String kataResources(Resources resources) {
        return resources(ResourcesWriter.asKataKnows(resources));
    }

    /** {@return the object that {@code process.capabilities} is} */
    public static String capabilities(Capabilities capabilities) {
        return JsonOutput.document(capabilities, ProcessWriter::capabilities);
    }

    private static void spec(JsonOutput out, Spec spec) {
        out.stringAlways("ociVersion", spec.ociVersion());
        out.object("process", spec.process(), ProcessWriter::process);
        out.object("root", spec.root(), SpecWriter::root);
        out.string("hostname", spec.hostname());
        out.string("domainname", spec.domainname());
        out.objects("mounts", spec.mounts(), SpecWriter::mount);
        out.object("hooks", spec.hooks(), SpecWriter::hooks);
        out.stringMap("annotations", spec.annotations());
        out.object("linux", spec.linux(), LinuxWriter::linux);
        out.object("vm", spec.vm(), SpecWriter::vm);
    }

    private static void root(JsonOutput out, Root root) {
        out.stringAlways("path", root.path());
        out.bool("readonly", root.readonly());
    }

    private static void mount(JsonOutput out, Mount mount) {
        out.stringAlways("destination", mount.destination());
        out.string("type", mount.type());
        out.string("source", mount.source());
        out.strings("options", mount.options());
        out.objects("uidMappings", mount.uidMappings(), LinuxWriter::idMapping);
        out.objects("gidMappings", mount.gidMappings(), LinuxWriter::idMapping);
    }

    private static void hooks(JsonOutput out, Hooks hooks) {
        out.objects("prestart", hooks.prestart(), SpecWriter::hook);
        out.objects("createRuntime", hooks.createRuntime(), SpecWriter::hook);
        out.objects("createContainer", hooks.createContainer(), SpecWriter::hook);
        out.objects("startContainer", hooks.startContainer(), SpecWriter::hook);
        out.objects("poststart", hooks.poststart(), SpecWriter::hook);
        out.objects("poststop", hooks.poststop(), SpecWriter::hook);
    }

    private static void hook(JsonOutput out, Hook hook) {
        out.stringAlways("path", hook.path());
        out.strings("args", hook.args());
        out.strings("env", hook.env());
        out.integer("timeout", hook.timeout());
    }

    private static void vm(JsonOutput out, Vm vm) {
        out.object("hypervisor", vm.hypervisor(), SpecWriter::hypervisor);
        out.object("kernel", vm.kernel(), SpecWriter::kernel);
        out.object("image", vm.image(), SpecWriter::image);
    }

    private static void hypervisor(JsonOutput out, Vm.Hypervisor hypervisor) {
        out.stringAlways("path", hypervisor.path());
        out.strings("parameters", hypervisor.parameters());
    }

    private static void kernel(JsonOutput out, Vm.Kernel kernel) {
        out.stringAlways("path", kernel.path());
        out.strings("parameters", kernel.parameters());
        out.string("initrd", kernel.initrd());
    }

    private static void image(JsonOutput out, Vm.Image image) {
        out.stringAlways("path", image.path());
        out.stringAlways("format", image.format());
    }
}
