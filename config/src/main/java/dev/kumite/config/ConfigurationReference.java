package dev.kumite.config;

import dev.kumite.config.ConfigurationKey.Place;
import dev.kumite.config.ConfigurationKey.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The page that documents every key of {@code configuration.toml}, made from the {@link
 * ConfigurationTable}.
 */
public final class ConfigurationReference {

    private static final String INTRODUCTION =
            """
            # Configuration reference

            Kumite reads the `configuration.toml` of Kata Containers 2. Without a path it looks at
            `/etc/kata-containers/configuration.toml`, then at `/usr/share/defaults/kata-containers/configuration.toml`.
            Files `config.d/*.toml` beside the one that is found change it, in the order of their names: a key replaces the
            same key, lists included.

            A key that is not listed here, or that the chosen hypervisor does not heed, has no effect, and a warning says so.
            `--strict` refuses keys that are not listed. Patterns of paths are globs: `*` and `?` do not cross a slash, `[a-z]`
            is one of some characters, `[^a-z]` one of the others.
            """;

    private ConfigurationReference() {}

    /** {@return the page, in Markdown} */
    public static String markdown() {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        hypervisors(page);
        section(
                page,
                "[agent.NAME]",
                "The agent in the guest. The name is free; templates have `kata`.",
                "agent");
        section(page, "[runtime]", "The runtime itself.", "runtime");
        section(page, "[factory]", "Machines that are made in advance.", "factory");
        withoutEffect(page);
        return page.toString();
    }

    private static void hypervisors(StringBuilder page) {
        heading(
                page,
                "[hypervisor.KIND]",
                "The virtual machine. KIND is `qemu`, `clh` (Cloud Hypervisor), `firecracker` or `acrn`; there should be one such"
                        + " table.");
        page.append(
                "| key | type | default | limits | meaning | hypervisors |\n|---|---|---|---|---|---|\n");
        for (ConfigurationKey row : ConfigurationTable.keys("hypervisor").values()) {
            if (row.place() instanceof Place.Hypervisor(Set<HypervisorKind> kinds)
                    && hasEffect(row)) {
                columns(page, row);
                page.append(" | ").append(words(kinds)).append(" |\n");
            }
        }
    }

    private static void section(StringBuilder page, String header, String about, String table) {
        heading(page, header, about);
        page.append("| key | type | default | limits | meaning |\n|---|---|---|---|---|\n");
        for (ConfigurationKey row : ConfigurationTable.keys(table).values()) {
            if (hasEffect(row)) {
                columns(page, row);
                page.append(" |\n");
            }
        }
    }

    private static void withoutEffect(StringBuilder page) {
        heading(
                page,
                "Keys without effect",
                "Known from other versions and from templates. A warning says why each is ignored.");
        page.append("| key | table | why |\n|---|---|---|\n");
        for (ConfigurationKey row : ConfigurationTable.all()) {
            if (row.rule() instanceof Rule.Unused(_, String why)) {
                without(page, row, why);
            } else if (row.rule() instanceof Rule.NotRead(String why)) {
                without(page, row, why);
            }
        }
    }

    private static void without(StringBuilder page, ConfigurationKey row, String why) {
        page.append("| `")
                .append(row.name())
                .append("` | `")
                .append(row.place().header())
                .append("` | ");
        page.append(escape(why)).append(" |\n");
    }

    private static void heading(StringBuilder page, String header, String about) {
        page.append("\n## ")
                .append(header.startsWith("[") ? "`" + header + "`" : header)
                .append("\n\n");
        page.append(about).append("\n\n");
    }

    private static void columns(StringBuilder page, ConfigurationKey row) {
        page.append("| `")
                .append(row.name())
                .append("` | ")
                .append(row.rule().type().words())
                .append(" | ");
        page.append(fallback(row.rule())).append(" | ").append(limits(row.rule())).append(" | ");
        page.append(escape(row.meaning())).append('.');
        if (row.isKumitesOwn()) {
            page.append(" Kata Containers does not know this key.");
        }
        if (row.isSecret()) {
            page.append(" Never shown.");
        }
    }

    private static boolean hasEffect(ConfigurationKey row) {
        return !(row.rule() instanceof Rule.Unused) && !(row.rule() instanceof Rule.NotRead);
    }

    private static String words(Set<HypervisorKind> kinds) {
        if (kinds.size() == HypervisorKind.values().length) {
            return "all";
        }
        List<String> words = new ArrayList<>();
        for (HypervisorKind kind : HypervisorKind.values()) {
            if (kinds.contains(kind)) {
                words.add(kind.word());
            }
        }
        return String.join(", ", words);
    }

    private static String fallback(Rule rule) {
        return switch (rule) {
            case Rule.Bool _ -> code("false");
            case Rule.Text text -> text(text.fallback());
            case Rule.QemuText text -> text(text.fallback()) + " (qemu)";
            case Rule.HostFile file -> text(file.fallback().path(BuildConstants.PACKAGED));
            case Rule.Word word -> text(word.fallback());
            case Rule.VcpuCount _ -> code(Long.toString(KeyReader.DEFAULT_VCPUS));
            case Rule.VcpuLimit _ -> "CPUs of the host";
            case Rule.WholeNumber number -> code(Long.toString(number.fallback()));
            case Rule.Wrapping _, Rule.Signed _, Rule.Burst _ -> code("0");
            case Rule.Model _ -> "left to the runtime";
            case Rule.Vfio _ -> code("\"vfio\"");
            case Rule.Policy() -> code("\"kata\"");
            case Rule.Accelerator() -> code("\"auto\"");
            case Rule.Secret _, Rule.BootMedium _, Rule.CommaList _, Rule.KernelParams _ -> "none";
            case Rule.Strings _,
                    Rule.Globs _,
                    Rule.Patterns _,
                    Rule.HostFiles _,
                    Rule.BindMounts _ ->
                    "none";
            case Rule.Features _, Rule.AssetGlobs() -> "none";
            case Rule.Unused _, Rule.NotRead _ -> "";
        };
    }

    private static String limits(Rule rule) {
        return switch (rule) {
            case Rule.HostFile _ -> "must exist; links are followed";
            case Rule.BootMedium _ -> "one of image and initrd must exist";
            case Rule.KernelParams _ -> "`name=value` between spaces";
            case Rule.Word word -> String.join(", ", word.words());
            case Rule.Globs _, Rule.AssetGlobs() -> "patterns of paths";
            case Rule.Patterns _ -> "regular expressions (RE2)";
            case Rule.HostFiles _ -> "each must exist";
            case Rule.BindMounts _ -> "each must exist, and their last names differ";
            case Rule.VcpuCount _ ->
                    "1 to the host's CPUs, at most 240; more, or negative, means all; 0 the default";
            case Rule.VcpuLimit _ -> "1 to the host's CPUs, at most 240; more, or 0, means all";
            case Rule.WholeNumber number -> limits(number);
            case Rule.Wrapping _ -> "from 0";
            case Rule.Burst burst -> "no effect where " + code(burst.limitKey()) + " is 0";
            case Rule.Model _ -> "default (which is tcfilter), macvtap, tcfilter, none";
            case Rule.Vfio _ -> "vfio, guest-kernel";
            case Rule.Policy() -> "kata, strict";
            case Rule.Accelerator() -> "auto, kvm, tcg";
            case Rule.Bool _,
                    Rule.Text _,
                    Rule.QemuText _,
                    Rule.Secret _,
                    Rule.CommaList _,
                    Rule.Strings _ ->
                    "";
            case Rule.Features _, Rule.Signed _, Rule.Unused _, Rule.NotRead _ -> "";
        };
    }

    private static String limits(Rule.WholeNumber number) {
        StringBuilder limits = new StringBuilder();
        if (number.least() == 1) {
            limits.append("0 means the default");
        } else if (number.least() > 1) {
            limits.append("less than ").append(number.least()).append(" means the default");
        }
        if (number.most() < HypervisorKeys.MAX_UINT32) {
            limits.append(limits.isEmpty() ? "" : "; ").append("more than ").append(number.most());
            limits.append(" means ").append(number.most());
        }
        return limits.toString();
    }

    private static String text(String text) {
        return text.isEmpty() ? "none" : code("\"" + text + "\"");
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static String escape(String text) {
        return text.replace("|", "\\|").replace("*", "\\*").replace("_", "\\_");
    }
}
