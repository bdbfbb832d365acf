package dev.kumite.config;

import dev.kumite.oci.Location;
import java.util.OptionalLong;

/**
 * Which of image and initrd the guest starts from, and whether its memory holds it. Confined to one
 * thread, for one hypervisor table.
 *
 * <p>Source: Kata Containers, Go runtime, {@code getInitrdAndImage} and {@code
 * checkHypervisorConfig}.
 */
final class BootMediumRule {

    /**
     * The machine type that, with a confidential guest, brings its root file system inside the
     * kernel.
     */
    private static final String SECURE_EXECUTION_MACHINE = "s390-ccw-virtio";

    private static final String IMAGE = "image";
    private static final String INITRD = "initrd";
    private static final long BYTES_PER_MIB = 1 << 20;

    private final LoadContext context;
    private final ConfigurationDraft draft;

    BootMediumRule(LoadContext context, ConfigurationDraft draft) {
        this.context = context;
        this.draft = draft;
    }

    /** Sets image and initrd as a hypervisor's table says. */
    void choose(HypervisorKind kind, ConfigurationSection section) {
        if (section.isUnusable(IMAGE) || section.isUnusable(INITRD)) {
            return;
        }
        if (kind == HypervisorKind.ACRN) {
            chooseImage(section);
            return;
        }
        Host.Resolution image = resolve(section, IMAGE);
        Host.Resolution initrd = resolve(section, INITRD);
        boolean hasImage = isUsable(section, IMAGE, image);
        boolean hasInitrd = isUsable(section, INITRD, initrd);
        if (isSecureExecution(section)) {
            refuseForSecureExecution(kind, section, hasImage || hasInitrd);
        } else if (hasImage && hasInitrd) {
            context.error(
                    section.whereIs(INITRD),
                    "both image and initrd are set",
                    "the guest's root file system is one of them",
                    "remove one of the two lines");
        } else if (!hasImage && !hasInitrd) {
            refuseMissing(section, image, initrd);
        }
        if (hasImage) {
            set(section, IMAGE, HypervisorConfig.IMAGE_PATH, image);
        }
        if (hasInitrd) {
            set(section, INITRD, HypervisorConfig.INITRD_PATH, initrd);
        }
        if (hasImage != hasInitrd) {
            warnIfIgnored(section, hasImage ? INITRD : IMAGE, hasImage ? initrd : image);
        }
    }

    private void chooseImage(ConfigurationSection section) {
        String path = section.text(IMAGE);
        if (path.isEmpty()) {
            context.error(
                    section.whereIs(IMAGE),
                    "no image is set in [" + section.name() + "]",
                    "this hypervisor starts from an image only",
                    "set image = \"/path/to/image\"");
            return;
        }
        context.resolve(path, IMAGE, section.whereIs(IMAGE))
                .ifPresent(found ->
                        draft.set(
                                HypervisorConfig.IMAGE_PATH,
                                found,
                                KeyReader.origin(section.whereIs(IMAGE))));
    }

    private Host.Resolution resolve(ConfigurationSection section, String key) {
        String path = section.text(key);
        return path.isEmpty() ? new Host.Resolution.Missing("") : context.host().resolve(path);
    }

    private boolean isUsable(ConfigurationSection section, String key, Host.Resolution resolution) {
        return !section.text(key).isEmpty()
                && (resolution instanceof Host.Resolution.Found || context.options().assumeFiles());
    }

    private static boolean isSecureExecution(ConfigurationSection section) {
        boolean confidential =
                section.find("confidential_guest")
                        .map(node -> node instanceof TomlNode.Bool(boolean value, _) && value)
                        .orElse(false);
        return confidential && section.text("machine_type").equals(SECURE_EXECUTION_MACHINE);
    }

    private void refuseForSecureExecution(
            HypervisorKind kind, ConfigurationSection section, boolean given) {
        if (given) {
            context.error(
                    section.whereIs(section.text(IMAGE).isEmpty() ? INITRD : IMAGE),
                    "image or initrd is set for Secure Execution",
                    "with confidential_guest and machine_type = \""
                            + SECURE_EXECUTION_MACHINE
                            + "\" the kernel brings the root file system",
                    "remove image and initrd");
        } else if (kind == HypervisorKind.CLH) {
            context.error(
                    section.header(),
                    "neither image nor initrd is set",
                    "Cloud Hypervisor has no Secure Execution, which would do without",
                    "set one of them, and remove confidential_guest or machine_type");
        }
    }

    private void refuseMissing(
            ConfigurationSection section, Host.Resolution image, Host.Resolution initrd) {
        if (section.text(IMAGE).isEmpty() && section.text(INITRD).isEmpty()) {
            context.error(
                    section.header(),
                    "neither image nor initrd is set in [" + section.name() + "]",
                    "the guest needs a root file system",
                    "set image = \"/path/to/image\" or initrd = \"/path/to/initrd\"");
        }
        refuseMissing(section, IMAGE, image);
        refuseMissing(section, INITRD, initrd);
    }

    private void refuseMissing(
            ConfigurationSection section, String key, Host.Resolution resolution) {
        if (!section.text(key).isEmpty()) {
            context.error(
                    section.whereIs(key),
                    key + " is \"" + Toml.excerpt(section.text(key)) + "\"",
                    LoadContext.reason(resolution, section.text(key)),
                    "correct the path, or install the file");
        }
    }

    private void set(
            ConfigurationSection section,
            String key,
            Field<HypervisorConfig, String> field,
            Host.Resolution resolution) {
        Location.Text where = section.whereIs(key);
        String path = section.text(key);
        if (resolution instanceof Host.Resolution.Found(String found)) {
            path = found;
        } else {
            context.warn(
                    where,
                    key + " is \"" + Toml.excerpt(path) + "\"",
                    LoadContext.reason(resolution, path),
                    "make sure that the machine that will use it has the file");
        }
        draft.set(field, path, KeyReader.origin(where));
    }

    private void warnIfIgnored(
            ConfigurationSection section, String key, Host.Resolution resolution) {
        if (!section.text(key).isEmpty()) {
            context.warn(
                    section.whereIs(key),
                    key + " is \"" + Toml.excerpt(section.text(key)) + "\" and is ignored",
                    LoadContext.reason(resolution, section.text(key)),
                    "remove the line");
        }
    }

    /** Checks that the files are not empty, and that memory holds what must be unpacked to it. */
    void check(Location.Text ifDefault) {
        check(IMAGE, HypervisorConfig.IMAGE_PATH, ifDefault);
        check(INITRD, HypervisorConfig.INITRD_PATH, ifDefault);
    }

    private void check(String key, Field<HypervisorConfig, String> field, Location.Text ifDefault) {
        String path = draft.get(field);
        if (path.isEmpty()) {
            return;
        }
        Location.Text where =
                draft.origin(field)
                                instanceof
                                Origin.Configuration(
                                        String file,
                                        int line,
                                        int column,
                                        String dotted)
                        ? new Location.Text(file, line, column, dotted)
                        : ifDefault;
        String what = key + " is \"" + Toml.excerpt(path) + "\"";
        OptionalLong size = context.host().size(path);
        if (size.isEmpty()) {
            // Of a file that was named and is missing, enough was said when it was resolved.
            if (where.equals(ifDefault)) {
                context.resolve(path, key, where);
            }
            return;
        }
        long memory = draft.get(HypervisorConfig.MEMORY_SIZE);
        long mib = size.getAsLong() / BYTES_PER_MIB;
        if (size.getAsLong() == 0) {
            context.error(
                    where, what, "the file is empty", "name another file, or install it again");
        } else if (mib >= memory && size.getAsLong() > BYTES_PER_MIB) {
            String why = "it has " + mib + " MiB, and the machine's memory " + memory + " MiB";
            if (key.equals(INITRD)) {
                context.error(
                        where,
                        what,
                        why + ", to which it must be unpacked",
                        "raise default_memory above " + mib);
            } else {
                context.warn(where, what, why, "consider a larger default_memory");
            }
        }
    }
}
