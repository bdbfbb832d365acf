package dev.kumite.config;

import dev.kumite.config.ConfigurationKey.Place;
import dev.kumite.config.ConfigurationKey.Rule;
import dev.kumite.oci.Location;
import java.util.ArrayList;
import java.util.List;

/**
 * Applies one table {@code [hypervisor.KIND]} to a draft: its keys, and the rules between keys.
 * Confined to one thread.
 *
 * <p>Source: Kata Containers, Go runtime, {@code newQemuHypervisorConfig} and its like.
 */
final class HypervisorTable {

    private static final String MICROVM = "microvm";
    private static final String VIRTIO_9P = "virtio-9p";

    private final LoadContext context;
    private final ConfigurationDraft draft;
    private final ConfigurationSection section;
    private final HypervisorKind kind;

    HypervisorTable(
            LoadContext context,
            ConfigurationDraft draft,
            ConfigurationSection section,
            HypervisorKind kind) {
        this.context = context;
        this.draft = draft;
        this.section = section;
        this.kind = kind;
    }

    void apply() {
        draft.set(RuntimeFields.HYPERVISOR_TYPE, kind.word(), KeyReader.origin(section.header()));
        List<ConfigurationKey> heeded = new ArrayList<>();
        for (ConfigurationKey row : ConfigurationTable.keys("hypervisor").values()) {
            if (row.place() instanceof Place.Hypervisor(var kinds) && kinds.contains(kind)) {
                heeded.add(row);
            } else {
                section.find(row.name()).ifPresent(value -> warnOfUnheeded(row, value));
            }
        }
        new KeyReader(context, draft, section, kind == HypervisorKind.QEMU).read(heeded);
        new BootMediumRule(context, draft).choose(kind, section);
        switch (kind) {
            case QEMU -> {
                withoutNvdimm();
                sharedFileSystem();
            }
            case CLH -> {
                withoutVhostNet();
                sharedFileSystem();
            }
            case FIRECRACKER -> withoutVhostNet();
            case ACRN -> {}
        }
    }

    private void warnOfUnheeded(ConfigurationKey row, TomlNode value) {
        context.warn(
                value.where(),
                row.name() + " has no effect in [" + section.name() + "]",
                "the runtime does not heed it for this hypervisor",
                "remove it");
    }

    private void withoutNvdimm() {
        Field<HypervisorConfig, String> machine = HypervisorConfig.HYPERVISOR_MACHINE_TYPE;
        if (draft.get(machine).equals(MICROVM)
                && !draft.get(HypervisorConfig.DISABLE_IMAGE_NVDIMM)) {
            draft.set(
                    HypervisorConfig.DISABLE_IMAGE_NVDIMM,
                    true,
                    new Origin.Rule(
                            "the machine type microvm has no NVDIMM",
                            List.of(draft.origin(machine))));
        }
    }

    private void withoutVhostNet() {
        draft.set(
                HypervisorConfig.DISABLE_VHOST_NET,
                true,
                new Origin.Rule("always so with " + kind.word(), List.of()));
    }

    private void sharedFileSystem() {
        String sharedFs = draft.get(HypervisorConfig.SHARED_FS);
        Location.Text where = section.whereIs("shared_fs");
        if (sharedFs.equals(VIRTIO_9P)) {
            if (kind == HypervisorKind.CLH) {
                context.error(
                        where,
                        "shared_fs is \"" + VIRTIO_9P + "\"",
                        "Cloud Hypervisor has virtio-fs and virtio-fs-nydus only",
                        "set shared_fs = \"virtio-fs\"");
            }
            return;
        }
        if (!FileSharing.isNone(sharedFs)
                && draft.get(HypervisorConfig.VIRTIO_FS_DAEMON).isEmpty()
                && !section.isUnusable("virtio_fs_daemon")
                && !section.isUnusable("shared_fs")) {
            context.error(
                    where,
                    "virtio_fs_daemon is not set",
                    "shared_fs is \""
                            + sharedFs
                            + "\""
                            + (section.find("shared_fs").isEmpty() ? " by default" : "")
                            + " and needs it",
                    "set virtio_fs_daemon = \"/path/to/virtiofsd\"");
        }
    }

    /** Fills a draft in for a configuration that has no table of a hypervisor at all. */
    static void applyDefaults(LoadContext context, ConfigurationDraft draft) {
        BuildConstants build = context.build();
        Origin origin = new Origin.BuiltIn("the configuration has no hypervisor table");
        draft.set(RuntimeFields.HYPERVISOR_TYPE, HypervisorKind.QEMU.word(), origin);
        for (ConfigurationKey row : ConfigurationTable.keys("hypervisor").values()) {
            setDefault(row.rule(), build, draft, origin);
        }
        draft.set(HypervisorConfig.JAILER_PATH, build.jailerPath(), origin);
        draft.set(HypervisorConfig.IMAGE_PATH, build.imagePath(), origin);
        draft.set(HypervisorConfig.INITRD_PATH, build.initrdPath(), origin);
        // What the original leaves zero here, though its tables have defaults for it.
        draft.set(HypervisorConfig.HYPERVISOR_CTL_PATH, "", origin);
        draft.set(HypervisorConfig.MEM_SLOTS, 0L, origin);
        draft.set(HypervisorConfig.ENTROPY_SOURCE, "", origin);
        draft.set(HypervisorConfig.SHARED_FS, "", origin);
    }

    private static void setDefault(
            Rule rule, BuildConstants build, ConfigurationDraft draft, Origin origin) {
        if (rule instanceof Rule.HostFile file) {
            draft.set(file.field(), file.fallback().path(build), origin);
        } else if (rule instanceof Rule.Text text) {
            draft.set(text.field(), text.fallback(), origin);
        } else if (rule instanceof Rule.QemuText text) {
            draft.set(text.field(), text.fallback(), origin);
        } else if (rule instanceof Rule.Word word) {
            draft.set(word.field(), word.fallback(), origin);
        } else if (rule instanceof Rule.WholeNumber number) {
            draft.set(number.field(), number.fallback(), origin);
        } else if (rule instanceof Rule.VcpuCount count) {
            draft.set(count.field(), KeyReader.DEFAULT_VCPUS, origin);
        }
    }
}
