package dev.kumite.config;

import dev.kumite.config.ConfigurationKey.BuildPlace;
import dev.kumite.config.ConfigurationKey.Rule;
import dev.kumite.oci.Location;
import dev.kumite.oci.Uint64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Applies the keys of one table to a draft, as their rows of the {@link ConfigurationTable} say:
 * values that are given, defaults for the others. Confined to one thread, for one table.
 *
 * <p>Source: Kata Containers, Go runtime, {@code pkg/katautils/config.go}.
 */
final class KeyReader {

    /** The number of virtual CPUs when nothing is said. Source: {@code defaultVCPUCount}. */
    static final long DEFAULT_VCPUS = 1;

    private static final String EMPTY_IS_DEFAULT = "empty means the default";

    private final LoadContext context;
    private final ConfigurationDraft draft;
    private final ConfigurationSection section;
    private final boolean qemu;

    /**
     * A reader for a table; {@code qemu} says whether it is that of QEMU, which has defaults of its
     * own.
     */
    KeyReader(
            LoadContext context,
            ConfigurationDraft draft,
            ConfigurationSection section,
            boolean qemu) {
        this.context = context;
        this.draft = draft;
        this.section = section;
        this.qemu = qemu;
    }

    /** Applies the rows, in their order. */
    void read(Collection<ConfigurationKey> rows) {
        for (ConfigurationKey row : rows) {
            Optional<TomlNode> value = section.find(row.name());
            if (value.isPresent()) {
                give(row, value.get());
            } else {
                leave(row);
            }
        }
    }

    /** {@return the line of a value, for the plan} */
    static Origin origin(TomlNode node) {
        return origin(node.where());
    }

    static Origin origin(Location.Text where) {
        return new Origin.Configuration(where.source(), where.line(), where.column(), where.path());
    }

    private static Origin rule(String what, TomlNode node) {
        return new Origin.Rule(what, List.of(origin(node)));
    }

    private void give(ConfigurationKey row, TomlNode node) {
        switch (row.rule()) {
            case Rule.Bool rule ->
                    draft.set(
                            rule.field(),
                            node instanceof TomlNode.Bool(boolean value, _) && value,
                            origin(node));
            case Rule.Text rule -> text(rule.field(), rule.fallback(), node);
            case Rule.QemuText rule -> text(rule.field(), qemu ? rule.fallback() : "", node);
            case Rule.Secret rule -> draft.set(rule.field(), text(node), origin(node));
            case Rule.HostFile rule -> hostFile(row, rule, node);
            case Rule.BootMedium
                            _ -> {} // image and initrd depend on each other: see BootMediumRule
            case Rule.CommaList rule ->
                    draft.set(rule.field(), ListRules.tidy(text(node)), origin(node));
            case Rule.KernelParams rule ->
                    new ListRules(context, draft).kernelParams(rule.field(), text(node), node);
            case Rule.Word rule -> word(row, rule, node);
            case Rule.Strings rule -> draft.set(rule.field(), texts(node), origin(node));
            case Rule.Globs rule -> draft.set(rule.field(), globs(row, node), origin(node));
            case Rule.Patterns rule -> draft.set(rule.field(), texts(node), origin(node));
            case Rule.HostFiles rule ->
                    new ListRules(context, draft).hostFiles(row.name(), rule.field(), node);
            case Rule.BindMounts rule ->
                    new ListRules(context, draft).bindMounts(row.name(), rule.field(), node);
            case Rule.Features rule -> new ListRules(context, draft).features(rule.field(), node);
            case Rule.VcpuCount rule -> vcpuCount(row, rule.field(), number(node), node);
            case Rule.VcpuLimit rule -> vcpuLimit(row, rule.field(), number(node), node);
            case Rule.WholeNumber rule -> number(row, rule, number(node), node);
            case Rule.Wrapping rule -> wrapping(row, rule.field(), number(node), node);
            case Rule.Signed rule -> signed(row, rule.field(), number(node), node);
            case Rule.Burst rule -> burst(row, rule, number(node), node);
            case Rule.Model rule -> model(row, rule.field(), text(node), node);
            case Rule.Vfio rule -> vfio(row, rule.field(), text(node), node);
            case Rule.Policy() -> policy(row, text(node), node);
            case Rule.Accelerator() -> accelerator(row, text(node), node);
            case Rule.AssetGlobs() -> draft.setAssetGlobs(globs(row, node));
            case Rule.Unused(_, String why) ->
                    context.warn(node.where(), row.name() + " has no effect", why, "remove it");
            case Rule.NotRead _ -> {} // never kept
        }
    }

    private void leave(ConfigurationKey row) {
        switch (row.rule()) {
            case Rule.Text rule -> draft.set(rule.field(), rule.fallback(), Origin.DEFAULT);
            case Rule.QemuText rule ->
                    draft.set(rule.field(), qemu ? rule.fallback() : "", Origin.DEFAULT);
            case Rule.HostFile rule -> defaultFile(row, rule);
            case Rule.Word rule -> draft.set(rule.field(), rule.fallback(), Origin.DEFAULT);
            case Rule.VcpuCount rule -> draft.set(rule.field(), DEFAULT_VCPUS, Origin.DEFAULT);
            case Rule.VcpuLimit rule ->
                    draft.set(
                            rule.field(),
                            hostVcpus(),
                            new Origin.BuiltIn("as many as the host has CPUs"));
            case Rule.WholeNumber rule -> draft.set(rule.field(), rule.fallback(), Origin.DEFAULT);
            case Rule.Model rule ->
                    draft.set(
                            rule.field(),
                            InterworkingModel.DEFAULT,
                            new Origin.BuiltIn("left to the runtime"));
            case Rule.Bool _,
                    Rule.Secret _,
                    Rule.BootMedium _,
                    Rule.CommaList _,
                    Rule.KernelParams _ -> {}
            case Rule.Strings _,
                    Rule.Globs _,
                    Rule.Patterns _,
                    Rule.HostFiles _,
                    Rule.BindMounts _ -> {}
            case Rule.Features _, Rule.Wrapping _, Rule.Signed _, Rule.Burst _, Rule.Vfio _ -> {}
            case Rule.Policy(), Rule.AssetGlobs(), Rule.Accelerator() -> {}
            case Rule.Unused _, Rule.NotRead _ -> {}
        }
    }

    private static String text(TomlNode node) {
        return node instanceof TomlNode.Text(String text, _) ? text : "";
    }

    private static List<String> texts(TomlNode node) {
        return ListRules.texts(node);
    }

    private static long number(TomlNode node) {
        return node instanceof TomlNode.Whole(long number, _) ? number : 0;
    }

    private void text(Field<?, String> field, String fallback, TomlNode node) {
        String text = text(node);
        if (text.isEmpty() && !fallback.isEmpty()) {
            draft.set(field, fallback, rule(EMPTY_IS_DEFAULT, node));
        } else {
            draft.set(field, text, origin(node));
        }
    }

    private void hostFile(ConfigurationKey row, Rule.HostFile rule, TomlNode node) {
        String path = text(node);
        String fallback = rule.fallback().path(context.build());
        if (path.isEmpty() && fallback.isEmpty()) {
            draft.set(rule.field(), "", origin(node));
            return;
        }
        Origin origin = path.isEmpty() ? rule(EMPTY_IS_DEFAULT, node) : origin(node);
        context.resolve(path.isEmpty() ? fallback : path, row.name(), node.where())
                .ifPresent(found -> draft.set(rule.field(), found, origin));
    }

    private void defaultFile(ConfigurationKey row, Rule.HostFile rule) {
        String fallback = rule.fallback().path(context.build());
        if (rule.fallback() == BuildPlace.NONE
                || fallback.isEmpty()
                || section.isUnusable(row.name())) {
            return;
        }
        context.resolve(fallback, row.name() + " is not set, and its default", section.header())
                .ifPresent(found -> draft.set(rule.field(), found, Origin.DEFAULT));
    }

    private void word(ConfigurationKey row, Rule.Word rule, TomlNode node) {
        String word = text(node);
        if (word.isEmpty() || rule.words().contains(word)) {
            text(rule.field(), rule.fallback(), node);
        } else {
            refuseWord(row, word, rule.words(), node);
        }
    }

    private List<String> globs(ConfigurationKey row, TomlNode node) {
        List<String> globs = texts(node);
        for (String glob : globs) {
            if (glob.isEmpty()) {
                context.warn(
                        node.where(),
                        row.name() + " has the empty pattern \"\"",
                        "it allows nothing",
                        "remove it; to allow nothing, write " + row.name() + " = []");
            } else if (Glob.isMalformed(glob)) {
                context.warn(
                        node.where(),
                        row.name() + " has the pattern \"" + Toml.excerpt(glob) + "\"",
                        "it is malformed, so it allows nothing: a \"[\" is not closed, or a range is incomplete,"
                                + " or it ends in a backslash",
                        "correct the pattern");
            }
        }
        return globs;
    }

    private long hostVcpus() {
        return Math.min(context.host().cpuCount(), AnnotationReader.MAX_QEMU_VCPUS);
    }

    private void vcpuCount(ConfigurationKey row, Field<?, Long> field, long count, TomlNode node) {
        long host = hostVcpus();
        if (count >= 1 && count <= host) {
            draft.set(field, count, origin(node));
        } else if (count == 0) {
            draft.set(field, DEFAULT_VCPUS, rule("0 means the default", node));
        } else {
            draft.set(
                    field,
                    host,
                    rule(
                            count < 0
                                    ? "negative means all CPUs of the host"
                                    : "at most the CPUs of the host",
                            node));
            if (count != -1) {
                context.warn(
                        node.where(),
                        row.name() + " is " + count,
                        "the host and the hypervisor can give "
                                + host
                                + ", and this is what counts",
                        "use a number from 1 to " + host + ", or -1 for all");
            }
        }
    }

    private void vcpuLimit(ConfigurationKey row, Field<?, Long> field, long count, TomlNode node) {
        long host = hostVcpus();
        if (count >= 1 && count <= host) {
            draft.set(field, count, origin(node));
            return;
        }
        draft.set(
                field,
                host,
                rule(
                        count == 0
                                ? "0 means all CPUs of the host"
                                : "at most the CPUs of the host",
                        node));
        if (count != 0) {
            context.warn(
                    node.where(),
                    row.name() + " is " + count,
                    "the host and the hypervisor can give " + host + ", and this is what counts",
                    "use a number from 1 to " + host + ", or 0 for all");
        }
    }

    private void number(ConfigurationKey row, Rule.WholeNumber rule, long number, TomlNode node) {
        if (number < rule.least()) {
            draft.set(
                    rule.field(),
                    rule.fallback(),
                    rule("less than " + rule.least() + " means the default", node));
            // That 0 means the default is known and documented; of other numbers it is a surprise.
            if (rule.least() > 1) {
                context.warn(
                        node.where(),
                        row.name() + " is " + number,
                        "less than "
                                + rule.least()
                                + " is not accepted, and the default "
                                + rule.fallback()
                                + " counts",
                        "use at least " + rule.least());
            }
        } else if (number > rule.most()) {
            draft.set(rule.field(), rule.most(), rule("at most " + rule.most(), node));
            context.warn(
                    node.where(),
                    row.name() + " is " + number,
                    "there can be at most " + rule.most() + ", and this is what counts",
                    "use a number up to " + rule.most());
        } else {
            draft.set(rule.field(), number, origin(node));
        }
    }

    private void wrapping(
            ConfigurationKey row, Field<?, Uint64> field, long number, TomlNode node) {
        Uint64 value = Uint64.of(number);
        if (number >= 0) {
            draft.set(field, value, origin(node));
            return;
        }
        draft.set(
                field,
                value,
                rule("a negative number counts from 18446744073709551616 down", node));
        context.warn(
                node.where(),
                row.name() + " is " + number,
                "it has no sign: Kata Containers takes this for " + value,
                "use a number from 0");
    }

    private void signed(ConfigurationKey row, Field<?, Long> field, long number, TomlNode node) {
        draft.set(field, number, origin(node));
        if (number < 0) {
            context.warn(
                    node.where(),
                    row.name() + " is " + number,
                    "a rate cannot be negative",
                    "use a number from 0");
        }
    }

    private void burst(ConfigurationKey row, Rule.Burst rule, long number, TomlNode node) {
        if (number == 0 || draft.get(rule.limit()) != 0) {
            signed(row, rule.field(), number, node);
            return;
        }
        draft.set(rule.field(), 0L, rule("no burst without " + rule.limitKey(), node));
        if (!section.isUnusable(rule.limitKey())) {
            context.warn(
                    node.where(),
                    row.name() + " is " + number,
                    "it has no effect, because " + rule.limitKey() + " is 0 or not set",
                    "set " + rule.limitKey() + ", or remove this");
        }
    }

    private void model(
            ConfigurationKey row, Field<?, InterworkingModel> field, String word, TomlNode node) {
        if (word.isEmpty()) {
            draft.set(field, InterworkingModel.DEFAULT, origin(node));
            return;
        }
        InterworkingModel.parse(word)
                .ifPresentOrElse(
                        model -> draft.set(field, model, origin(node)),
                        () ->
                                refuseWord(
                                        row,
                                        word,
                                        List.of("default", "macvtap", "tcfilter", "none"),
                                        node));
    }

    private void vfio(ConfigurationKey row, Field<?, VfioMode> field, String word, TomlNode node) {
        if (word.isEmpty()) {
            draft.set(field, VfioMode.VFIO, origin(node));
            return;
        }
        VfioMode.parse(word)
                .ifPresentOrElse(
                        mode -> draft.set(field, mode, origin(node)),
                        () -> refuseWord(row, word, List.of("vfio", "guest-kernel"), node));
    }

    private void policy(ConfigurationKey row, String word, TomlNode node) {
        AnnotationPolicy.parse(word)
                .ifPresentOrElse(
                        draft::setPolicy,
                        () -> refuseWord(row, word, List.of("kata", "strict"), node));
    }

    private void accelerator(ConfigurationKey row, String word, TomlNode node) {
        AcceleratorChoice.parse(word)
                .ifPresentOrElse(
                        draft::setAccelerator,
                        () -> refuseWord(row, word, List.of("auto", "kvm", "tcg"), node));
    }

    private void refuseWord(ConfigurationKey row, String word, List<String> words, TomlNode node) {
        String hint =
                DidYouMean.closest(word, words)
                        .map(closest -> "; did you mean \"" + closest + "\"?")
                        .orElse("");
        context.error(
                node.where(),
                row.name() + " is \"" + Toml.excerpt(word) + "\"",
                "it is none of the words it can be",
                "use one of " + String.join(", ", words) + hint);
    }
}
