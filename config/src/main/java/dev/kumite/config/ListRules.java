package dev.kumite.config;

import dev.kumite.oci.Location;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules of keys that hold several things. Confined to one thread, for one table. */
final class ListRules {

    private final LoadContext context;
    private final ConfigurationDraft draft;

    ListRules(LoadContext context, ConfigurationDraft draft) {
        this.context = context;
        this.draft = draft;
    }

    /** {@return the strings of a list} */
    static List<String> texts(TomlNode node) {
        List<String> texts = new ArrayList<>();
        if (node instanceof TomlNode.Array(List<TomlNode> elements, _)) {
            for (TomlNode element : elements) {
                if (element instanceof TomlNode.Text(String text, _)) {
                    texts.add(text);
                }
            }
        }
        return List.copyOf(texts);
    }

    /**
     * {@return the items between commas without space around them} Empty items are left out; what
     * is only space becomes one, except at the ends. Source: {@code machineAccelerators} in {@code
     * pkg/katautils/config.go}.
     */
    static String tidy(String list) {
        StringBuilder tidy = new StringBuilder(list.length());
        int start = 0;
        while (start <= list.length()) {
            int comma = list.indexOf(',', start);
            int end = comma < 0 ? list.length() : comma;
            if (end > start) {
                tidy.append(trim(list.substring(start, end))).append(',');
            }
            start = end + 1;
        }
        int from = 0;
        int to = tidy.length();
        while (from < to && tidy.charAt(from) == ',') {
            from++;
        }
        while (to > from && tidy.charAt(to - 1) == ',') {
            to--;
        }
        return tidy.substring(from, to);
    }

    private static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && GoText.isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && GoText.isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    void kernelParams(Field<?, List<Param>> field, String text, TomlNode node) {
        List<Param> params = new ArrayList<>();
        for (String word : GoText.fields(text)) {
            Param param = Param.parse(word);
            if (param.key().isEmpty()) {
                context.error(
                        node.where(),
                        "kernel_params has \"" + Toml.excerpt(word) + "\"",
                        "there is no name before its \"=\"",
                        "write parameters as name=value");
            } else {
                params.add(param);
            }
        }
        draft.set(field, List.copyOf(params), KeyReader.origin(node));
    }

    void hostFiles(String key, Field<?, List<String>> field, TomlNode node) {
        for (String path : texts(node)) {
            resolve(path, key, node.where());
        }
        draft.set(field, texts(node), KeyReader.origin(node));
    }

    void bindMounts(String key, Field<?, List<String>> field, TomlNode node) {
        Map<String, String> byName = new HashMap<>();
        for (String path : texts(node)) {
            Optional<String> resolved = resolve(path, key, node.where());
            if (resolved.isEmpty()) {
                continue;
            }
            String name = resolved.get().substring(resolved.get().lastIndexOf('/') + 1);
            String earlier = byName.putIfAbsent(name, path);
            if (earlier != null) {
                context.error(
                        node.where(),
                        key
                                + " has \""
                                + Toml.excerpt(path)
                                + "\" after \""
                                + Toml.excerpt(earlier)
                                + "\"",
                        "both would be called \"" + Toml.excerpt(name) + "\" in the guest",
                        "rename one of them, or share the directory above");
            }
        }
        draft.set(field, texts(node), KeyReader.origin(node));
    }

    /** The empty path is no path, whatever the host makes of it. */
    private Optional<String> resolve(String path, String key, Location.Text where) {
        if (path.isEmpty()) {
            context.error(where, key + " has an empty path", "it names no file", "remove it");
            return Optional.empty();
        }
        return context.resolve(path, "an element of " + key, where);
    }

    void features(Field<?, List<Feature>> field, TomlNode node) {
        List<Feature> features = new ArrayList<>();
        for (String name : texts(node)) {
            Optional<Feature> feature =
                    context.build().features().stream()
                            .filter(known -> known.name().equals(name))
                            .findFirst();
            feature.ifPresent(features::add);
            if (feature.isEmpty()) {
                context.error(
                        node.where(),
                        "experimental has \"" + Toml.excerpt(name) + "\"",
                        "there is no such experimental feature in this version",
                        "remove it");
            }
        }
        draft.set(field, List.copyOf(features), KeyReader.origin(node));
    }
}
