package dev.kumite.config;

import dev.kumite.oci.Location;
import dev.kumite.oci.Uint64;

/**
 * The rules between tables. Confined to one thread, for one configuration.
 *
 * <p>Source: Kata Containers, Go runtime, {@code checkConfig} in {@code pkg/katautils/config.go}.
 */
final class FinalChecks {

    private final LoadContext context;
    private final ConfigurationDraft draft;

    FinalChecks(LoadContext context, ConfigurationDraft draft) {
        this.context = context;
        this.draft = draft;
    }

    void check(ConfigurationSection runtime, ConfigurationSection factory, Location.Text whole) {
        namespace(runtime);
        if (!draft.get(RuntimeFields.HYPERVISOR_TYPE).isEmpty()) {
            new BootMediumRule(context, draft).check(whole);
            factory(factory);
        }
    }

    private void namespace(ConfigurationSection runtime) {
        if (draft.get(RuntimeFields.DISABLE_NEW_NET_NS)
                && draft.get(RuntimeFields.INTER_NETWORK_MODEL) != InterworkingModel.NONE
                && !runtime.isUnusable("internetworking_model")) {
            context.error(
                    runtime.whereIs("disable_new_netns"),
                    "disable_new_netns is true",
                    "that works only with internetworking_model = \"none\", and it is "
                            + (runtime.text("internetworking_model").isEmpty()
                                    ? "not set"
                                    : "\""
                                            + Toml.excerpt(runtime.text("internetworking_model"))
                                            + "\""),
                    "set internetworking_model = \"none\", or disable_new_netns = false");
        }
    }

    private void factory(ConfigurationSection factory) {
        if (draft.get(FactoryConfig.TEMPLATE)
                && draft.get(HypervisorConfig.INITRD_PATH).isEmpty()) {
            context.error(
                    factory.whereIs("enable_template"),
                    "enable_template is true",
                    "a template needs a guest that starts from an initrd",
                    "set initrd instead of image, or enable_template = false");
        }
        if (!draft.get(FactoryConfig.VM_CACHE_NUMBER).equals(Uint64.ZERO)
                && !draft.get(RuntimeFields.HYPERVISOR_TYPE).equals(HypervisorKind.QEMU.word())) {
            context.error(
                    factory.whereIs("vm_cache_number"),
                    "vm_cache_number is " + draft.get(FactoryConfig.VM_CACHE_NUMBER),
                    "machines can be kept ready with qemu only",
                    "set vm_cache_number = 0, or use [hypervisor.qemu]");
        }
    }
}
