package dev.kumite.cli;

import dev.kumite.config.AnnotationKey;
import dev.kumite.config.AnnotationKey.Kind;
import dev.kumite.config.AnnotationTable;

/** The reference page of annotations, made from {@link AnnotationTable}. */
final class AnnotationReference {

    private static final long MAX_UINT32 = 0xFFFF_FFFFL;

    private AnnotationReference() {}

    /** {@return the page} */
    static String markdown() {
        StringBuilder page =
                new StringBuilder(
                        """
                        # Annotations

                        What a pod or container can ask of its virtual machine. This page is made by
                        `kumite annotations reference` from the table that reads annotations.

                        An annotation reaches Kumite only if the container manager forwards it: in containerd's
                        configuration of the runtime, `pod_annotations = ["io.katacontainers.*"]`; in CRI-O's,
                        `allowed_annotations`.

                        """);
        section(page, "Hypervisor", AnnotationTable.HYPERVISOR);
        section(page, "Runtime", AnnotationTable.RUNTIME);
        section(page, "Agent", AnnotationTable.AGENT);
        section(page, "Others", "");
        return page.toString();
    }

    private static void section(StringBuilder page, String title, String prefix) {
        page.append("## ").append(title).append("\n\n");
        if (!prefix.isEmpty()) {
            page.append("Each name begins with `").append(prefix).append("`.\n\n");
        }
        page.append(
                "| annotation | value | limits | admitted | sets | meaning |\n|---|---|---|---|---|---|\n");
        for (AnnotationKey row : AnnotationTable.all()) {
            if (!prefixOf(row).equals(prefix)) {
                continue;
            }
            page.append("| `").append(row.key(), prefix.length(), row.key().length());
            page.append("` | ").append(form(row.kind()));
            page.append(" | ").append(limits(row.kind()));
            page.append(" | ").append(admitted(row));
            page.append(" | ")
                    .append(row.kind().target().map(field -> "`" + field + "`").orElse("–"));
            page.append(" | ").append(row.meaning()).append(" |\n");
        }
        page.append('\n');
    }

    private static String prefixOf(AnnotationKey row) {
        if (row.key().startsWith(AnnotationTable.HYPERVISOR)) {
            return AnnotationTable.HYPERVISOR;
        }
        if (row.key().startsWith(AnnotationTable.RUNTIME)) {
            return AnnotationTable.RUNTIME;
        }
        return row.key().startsWith(AnnotationTable.AGENT) ? AnnotationTable.AGENT : "";
    }

    /** {@return what a value looks like, in a few words} */
    static String form(Kind kind) {
        return switch (kind) {
            case Kind.Bool _ -> "true or false";
            case Kind.Uint32 _ -> "whole number";
            case Kind.Unsigned64 _ -> "whole number";
            case Kind.Word word -> String.join(", ", word.words());
            case Kind.Text _ -> "text";
            case Kind.AllowedPath _ -> "path";
            case Kind.KernelParams _ -> "kernel parameters, separated by blanks";
            case Kind.JsonStrings _ -> "JSON list of strings";
            case Kind.Separated _ -> "list separated by ;";
            case Kind.BinaryQuantity _ -> "quantity such as 64Mi";
            case Kind.Features _ -> "names separated by blanks";
            case Kind.Model _ -> "default, macvtap, tcfilter, none";
            case Kind.Vfio _ -> "vfio, guest-kernel";
            case Kind.Asset _ -> "path";
            case Kind.AssetHash _ -> "SHA-512 in hexadecimal";
            case Kind.NoEffect _ -> "text";
            case Kind.ReadElsewhere _ -> "text";
        };
    }

    /** {@return what limits a value} */
    static String limits(Kind kind) {
        return switch (kind) {
            case Kind.Uint32 number -> limits(number);
            case Kind.Unsigned64 number ->
                    "0 to 18446744073709551615"
                            + (number.zeroIgnored() ? "; 0 changes nothing" : "");
            case Kind.Text text -> text.emptyIgnored() ? "empty changes nothing" : "–";
            case Kind.AllowedPath path -> "must match `" + path.allowKey() + "`";
            case Kind.KernelParams _, Kind.JsonStrings _ -> "added to the configured ones";
            case Kind.Separated _, Kind.Features _ -> "in place of the configured ones";
            case Kind.Bool _,
                    Kind.Word _,
                    Kind.BinaryQuantity _,
                    Kind.Model _,
                    Kind.Vfio _,
                    Kind.Asset _,
                    Kind.AssetHash _,
                    Kind.NoEffect _,
                    Kind.ReadElsewhere _ ->
                    "–";
        };
    }

    private static String limits(Kind.Uint32 number) {
        String most =
                switch (number.cpuLimit()) {
                    case NONE -> Long.toString(MAX_UINT32);
                    case HOST -> "the host's CPUs";
                    case HOST_AND_HYPERVISOR -> "the host's CPUs, and what the hypervisor can have";
                };
        return number.least() + " to " + most + (number.zeroIgnored() ? "; 0 changes nothing" : "");
    }

    /** {@return what has to be so that it is honoured} */
    static String admitted(AnnotationKey row) {
        String base =
                switch (row.gate()) {
                    case ENABLED -> "by `enable_annotations`";
                    case ENABLED_IF_STRICT ->
                            "always; under `annotation_policy = \"strict\"` by `enable_annotations`";
                    case NONE -> "always";
                };
        return switch (row.kind()) {
            case Kind.NoEffect(String why) -> "without effect: " + why;
            case Kind.ReadElsewhere(String by) -> "read by " + by;
            case Kind.Bool _,
                    Kind.Uint32 _,
                    Kind.Unsigned64 _,
                    Kind.Word _,
                    Kind.Text _,
                    Kind.AllowedPath _,
                    Kind.KernelParams _,
                    Kind.JsonStrings _,
                    Kind.Separated _,
                    Kind.BinaryQuantity _,
                    Kind.Features _,
                    Kind.Model _,
                    Kind.Vfio _,
                    Kind.Asset _,
                    Kind.AssetHash _ ->
                    base;
        };
    }
}
