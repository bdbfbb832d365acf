package dev.kumite.config;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What Kata Containers fixes when it is built: the places that are meant when a configuration says
 * nothing.
 *
 * @param hypervisorPath hypervisor binary, for every kind
 * @param hypervisorCtlPath hypervisor control binary
 * @param jailerPath jailer binary
 * @param kernelPath guest kernel
 * @param imagePath guest image
 * @param initrdPath guest initrd
 * @param firmwarePath firmware; empty for none
 * @param firmwareVolumePath firmware volume; empty for none
 * @param sysconfPath configuration file that is looked for first
 * @param configPath configuration file that is looked for second
 * @param features experimental features that exist
 */
public record BuildConstants(
        String hypervisorPath,
        String hypervisorCtlPath,
        String jailerPath,
        String kernelPath,
        String imagePath,
        String initrdPath,
        String firmwarePath,
        String firmwareVolumePath,
        String sysconfPath,
        String configPath,
        List<Feature> features) {

    /** The places of a packaged Kata Containers. */
    public static final BuildConstants PACKAGED =
            new BuildConstants(
                    "/usr/bin/qemu-system-x86_64",
                    "/usr/bin/acrnctl",
                    "/usr/bin/jailer",
                    "/usr/share/kata-containers/vmlinuz.container",
                    "/usr/share/kata-containers/kata-containers.img",
                    "/usr/share/kata-containers/kata-containers-initrd.img",
                    "",
                    "",
                    "/etc/kata-containers/configuration.toml",
                    "/usr/share/defaults/kata-containers/configuration.toml",
                    List.of());

    public BuildConstants {
        requireNonNull(hypervisorPath, "hypervisorPath is null");
        requireNonNull(hypervisorCtlPath, "hypervisorCtlPath is null");
        requireNonNull(jailerPath, "jailerPath is null");
        requireNonNull(kernelPath, "kernelPath is null");
        requireNonNull(imagePath, "imagePath is null");
        requireNonNull(initrdPath, "initrdPath is null");
        requireNonNull(firmwarePath, "firmwarePath is null");
        requireNonNull(firmwareVolumePath, "firmwareVolumePath is null");
        requireNonNull(sysconfPath, "sysconfPath is null");
        requireNonNull(configPath, "configPath is null");
        features = List.copyOf(features);
    }
}
