package dev.kumite.config;

import dev.kumite.config.AnnotationKey.CpuLimit;
import dev.kumite.config.AnnotationKey.Kind;
import dev.kumite.oci.Location;
import dev.kumite.oci.Problem;
import dev.kumite.oci.ProblemList;
import dev.kumite.oci.Uint64;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Applies annotations to a draft, as their rows of the {@link AnnotationTable} say. Confined to one
 * thread, for one plan.
 *
 * <p>Source: Kata Containers, Go runtime, {@code oci.addAnnotations}.
 */
final class AnnotationReader {

    /** Most virtual CPUs of a QEMU machine. Source: {@code govmm.MaxVCPUs} on amd64. */
    static final int MAX_QEMU_VCPUS = 240;

    /** Length of a SHA-512 in hexadecimal. Source: FIPS 180-4: 512 bits. */
    private static final int HASH_DIGITS = 128;

    private static final long MAX_UINT32 = 0xFFFF_FFFFL;

    private final RuntimeConfig runtime;
    private final Host host;
    private final BuildConstants build;
    private final SandboxDraft draft;
    private final ProblemList problems;

    AnnotationReader(
            RuntimeConfig runtime,
            Host host,
            BuildConstants build,
            SandboxDraft draft,
            ProblemList problems) {
        this.runtime = runtime;
        this.host = host;
        this.build = build;
        this.draft = draft;
        this.problems = problems;
    }

    /** Applies all annotations, in their order; each that cannot be applied adds a problem. */
    void applyAll(Map<String, String> annotations) {
        applyAll(annotations, _ -> {});
    }

    /**
     * Applies all annotations, in their order.
     *
     * @param refused is told the key of each that is refused
     */
    void applyAll(Map<String, String> annotations, Consumer<String> refused) {
        AnnotationGate gate = new AnnotationGate(runtime, problems);
        for (Map.Entry<String, String> annotation : annotations.entrySet()) {
            String key = annotation.getKey();
            Optional<AnnotationKey> row = AnnotationTable.find(key);
            long before = problems.errorCount();
            if (gate.admits(key, row)) {
                if (row.isPresent()) {
                    apply(row.get(), annotation.getValue(), annotations);
                } else if (key.startsWith(AnnotationTable.PREFIX)) {
                    problems.addWarning(() -> AnnotationGate.unknown(key));
                }
            }
            if (problems.errorCount() > before) {
                refused.accept(key);
            }
        }
    }

    private void apply(AnnotationKey row, String value, Map<String, String> annotations) {
        Origin origin = new Origin.Annotation(row.key());
        switch (row.kind()) {
            case Kind.Bool kind -> bool(row, kind, value, origin);
            case Kind.Uint32 kind -> uint32(row, kind, value, origin);
            case Kind.Unsigned64 kind -> uint64(row, kind, value, origin);
            case Kind.Word kind -> word(row, kind, value, origin);
            case Kind.Text kind -> {
                if (!value.isEmpty() || !kind.emptyIgnored()) {
                    draft.set(kind.field(), value, origin);
                }
            }
            case Kind.AllowedPath kind -> allowedPath(row, kind, value, origin);
            case Kind.KernelParams kind -> kernelParams(row, kind, value, origin);
            case Kind.JsonStrings kind -> jsonStrings(row, kind, value, origin);
            case Kind.Separated kind ->
                    draft.set(kind.field(), List.of(value.split(";", -1)), origin);
            case Kind.BinaryQuantity kind -> quantity(row, kind, value, origin);
            case Kind.Features kind -> features(row, kind, value, origin);
            case Kind.Model kind ->
                    InterworkingModel.parse(value)
                            .ifPresentOrElse(
                                    model -> draft.set(kind.field(), model, origin),
                                    () ->
                                            refuseWord(
                                                    row,
                                                    value,
                                                    List.of(
                                                            "default",
                                                            "macvtap",
                                                            "tcfilter",
                                                            "none")));
            case Kind.Vfio kind ->
                    VfioMode.parse(value)
                            .ifPresentOrElse(
                                    mode -> draft.set(kind.field(), mode, origin),
                                    () -> refuseWord(row, value, List.of("vfio", "guest-kernel")));
            case Kind.Asset _ -> asset(row, value, annotations);
            case Kind.AssetHash _ -> assetHash(row, value);
            case Kind.NoEffect kind ->
                    warn(
                            row,
                            "annotation " + row.name() + " has no effect",
                            kind.why(),
                            "remove it");
            case Kind.ReadElsewhere _ -> {}
        }
    }

    private void bool(AnnotationKey row, Kind.Bool kind, String value, Origin origin) {
        GoText.parseBool(value)
                .ifPresentOrElse(
                        flag -> draft.set(kind.field(), flag, origin),
                        () ->
                                refuse(
                                        row,
                                        value,
                                        "it is neither true nor false",
                                        "use \"true\" or \"false\" (1, t, T, TRUE, True, 0, f, F, FALSE, False are read too)"));
    }

    private void uint32(AnnotationKey row, Kind.Uint32 kind, String value, Origin origin) {
        Optional<Uint64> parsed = GoText.parseUint64(value);
        long most = most(kind.cpuLimit());
        if (parsed.isEmpty()) {
            refuse(
                    row,
                    value,
                    "it is not a whole number",
                    "use decimal digits only, from " + kind.least() + " to " + most);
            return;
        }
        long number = parsed.get().bits();
        // Differs from kata: the original cuts the number to 32 bits after the check of its range
        if (number < 0 || number > MAX_UINT32 || number < kind.least() || number > most) {
            refuse(
                    row,
                    value,
                    reasonFor(kind, most),
                    "use a number from " + Math.max(1, kind.least()) + " to " + most);
            return;
        }
        if (number == 0 && kind.cpuLimit() != CpuLimit.NONE) {
            warn(
                    row,
                    row.name() + " is 0",
                    "a machine cannot start without a CPU",
                    "use 1 or remove the annotation");
        }
        if (number != 0 || !kind.zeroIgnored()) {
            draft.set(kind.field(), number, origin);
        }
    }

    private long most(CpuLimit limit) {
        return switch (limit) {
            case NONE -> MAX_UINT32;
            case HOST -> host.cpuCount();
            case HOST_AND_HYPERVISOR ->
                    runtime.hypervisorType().equals("qemu")
                            ? Math.min(host.cpuCount(), MAX_QEMU_VCPUS)
                            : host.cpuCount();
        };
    }

    private String reasonFor(Kind.Uint32 kind, long most) {
        if (kind.cpuLimit() == CpuLimit.NONE) {
            return kind.least() > 1
                    ? "less than "
                            + kind.least()
                            + " is too little, and more than "
                            + most
                            + " does not fit 32 bits"
                    : "it must be from " + kind.least() + " to " + most;
        }
        return most < host.cpuCount()
                ? "qemu can have at most " + most + " virtual CPUs"
                : "the host has " + most + (most == 1 ? " CPU" : " CPUs");
    }

    private void uint64(AnnotationKey row, Kind.Unsigned64 kind, String value, Origin origin) {
        Optional<Uint64> number = GoText.parseUint64(value);
        if (number.isEmpty()) {
            refuse(
                    row,
                    value,
                    "it is not a whole number of 64 bits",
                    "use decimal digits only, up to 18446744073709551615");
        } else if (number.get().bits() != 0 || !kind.zeroIgnored()) {
            draft.set(kind.field(), number.get(), origin);
        }
    }

    private void word(AnnotationKey row, Kind.Word kind, String value, Origin origin) {
        if (kind.words().contains(value)) {
            draft.set(kind.field(), value, origin);
        } else {
            refuseWord(row, value, kind.words());
        }
    }

    private void allowedPath(
            AnnotationKey row, Kind.AllowedPath kind, String value, Origin origin) {
        List<String> globs = runtime.hypervisorConfig().get(kind.allowList());
        if (!Glob.matches(globs, value, host)) {
            refuse(
                    row,
                    value,
                    globs.isEmpty()
                            ? "the configuration allows no such path: "
                                    + kind.allowKey()
                                    + " is empty or not set for "
                                    + runtime.hypervisorType()
                            : "it is not an existing path that "
                                    + kind.allowKey()
                                    + " = "
                                    + Toml.list(globs)
                                    + " allows",
                    "name a path that it allows, or add one to "
                            + kind.allowKey()
                            + " in [hypervisor."
                            + runtime.hypervisorType()
                            + "] of "
                            + runtime.enabledAnnotations().governedBy().describe());
            return;
        }
        draft.set(kind.field(), value, origin);
        if (kind.asset()) {
            draft.annotate(row.key(), value);
        }
    }

    private void kernelParams(
            AnnotationKey row, Kind.KernelParams kind, String value, Origin origin) {
        List<Param> params = new ArrayList<>(draft.get(kind.field()));
        boolean added = false;
        for (String word : GoText.fields(value)) {
            Param param = Param.parse(word);
            if (param.key().isEmpty()) {
                refuse(
                        row,
                        value,
                        "\"" + word + "\" has no name before its \"=\"",
                        "write parameters as name=value");
                return;
            }
            params.add(param);
            added = true;
        }
        if (added) {
            draft.set(kind.field(), List.copyOf(params), appended(kind.field(), origin));
        }
    }

    private void jsonStrings(
            AnnotationKey row, Kind.JsonStrings kind, String value, Origin origin) {
        Optional<List<String>> given = JsonStringList.parse(value);
        if (given.isEmpty()) {
            refuse(
                    row,
                    value,
                    "it is not a JSON list of texts",
                    "write it as [\"--option=value\", \"...\"]");
            return;
        }
        Optional<String> escape = VirtiofsdArguments.escape(draft.get(kind.field()), given.get());
        if (escape.isPresent()) {
            // Differs from kata: the original passes them on, and a pod can share the host's root
            refuse(
                    row,
                    value,
                    "\""
                            + escape.get()
                            + "\" widens what is shared with the guest or switches virtiofsd's sandbox off",
                    "remove it from the annotation");
            return;
        }
        if (!given.get().isEmpty()) {
            List<String> arguments = new ArrayList<>(draft.get(kind.field()));
            arguments.addAll(given.get());
            draft.set(kind.field(), List.copyOf(arguments), appended(kind.field(), origin));
        }
    }

    private Origin appended(Field<?, ?> field, Origin origin) {
        return new Origin.Rule(
                "the configuration's, then the annotation's", List.of(draft.origin(field), origin));
    }

    private void quantity(
            AnnotationKey row, Kind.BinaryQuantity kind, String value, Origin origin) {
        Optional<BinaryQuantity> quantity = BinaryQuantity.parse(value);
        if (quantity.isEmpty()) {
            refuse(
                    row,
                    value,
                    "it is not a quantity with a binary suffix",
                    "use digits and Ki, Mi, Gi, Ti, Pi or Ei, such as 64Mi");
            return;
        }
        if (!quantity.get().exact()) {
            warn(
                    row,
                    row.key() + " is \"" + value + "\"",
                    "Kata Containers takes quantities of this size or with a"
                            + " fraction for 0, and so does Kumite",
                    "use a whole number and a smaller suffix, such as 64Mi");
        }
        draft.set(kind.field(), quantity.get().bytes(), origin);
    }

    private void features(AnnotationKey row, Kind.Features kind, String value, Origin origin) {
        List<Feature> features = new ArrayList<>();
        boolean all = true;
        for (String name : value.split(" ", -1)) {
            Optional<Feature> feature =
                    build.features().stream()
                            .filter(known -> known.name().equals(name))
                            .findFirst();
            feature.ifPresent(features::add);
            if (feature.isEmpty()) {
                all = false;
                refuse(
                        row,
                        value,
                        "\"" + name + "\" is no experimental feature of this version",
                        "remove it");
            }
        }
        if (all) {
            draft.set(kind.field(), List.copyOf(features), origin);
        }
    }

    private void assetHash(AnnotationKey row, String value) {
        if (isHash(value)) {
            draft.annotate(row.key(), value);
            return;
        }
        String why =
                "a SHA-512 has " + HASH_DIGITS + " hexadecimal digits, and no file has this one";
        String fix = "write what sha512sum prints for the file";
        if (runtime.enabledAnnotations().policy() == AnnotationPolicy.STRICT) {
            refuse(row, value, why, fix);
            return;
        }
        draft.annotate(row.key(), value);
        warn(row, row.name() + " is \"" + Toml.excerpt(value) + "\"", why, fix);
    }

    /** {@return whether the text can be the hash of an asset at all} */
    static boolean isHash(String text) {
        return text.length() == HASH_DIGITS && text.chars().allMatch(HexFormat::isHexDigit);
    }

    private void asset(AnnotationKey row, String value, Map<String, String> annotations) {
        draft.annotate(row.key(), value);
        boolean hashed = isHash(annotations.getOrDefault(row.key() + "_hash", ""));
        if (hashed || Glob.matches(runtime.validAssetPaths(), value, host)) {
            return;
        }
        String fix =
                "set "
                        + row.key()
                        + "_hash to its SHA-512, or add it to valid_asset_paths in [runtime]";
        if (runtime.enabledAnnotations().policy() == AnnotationPolicy.STRICT) {
            refuse(
                    row,
                    value,
                    "under annotation_policy = \"strict\" an asset needs a hash or an allow-list",
                    fix);
        } else {
            warn(
                    row,
                    "a pod chooses " + row.meaning() + ": \"" + Toml.excerpt(value) + "\"",
                    "any file of the host can be named",
                    fix);
        }
    }

    private void refuseWord(AnnotationKey row, String value, List<String> words) {
        String hint =
                DidYouMean.closest(value, words)
                        .map(word -> "; did you mean \"" + word + "\"?")
                        .orElse("");
        refuse(
                row,
                value,
                "it is none of the words it can be",
                "use one of " + String.join(", ", words) + hint);
    }

    private void refuse(AnnotationKey row, String value, String why, String fix) {
        problems.add(
                Problem.error(
                        new Location.Annotation(row.key()),
                        row.name() + " is \"" + Toml.excerpt(value) + "\"",
                        why,
                        fix));
    }

    private void warn(AnnotationKey row, String what, String why, String fix) {
        problems.add(Problem.warning(new Location.Annotation(row.key()), what, why, fix));
    }
}
