package dev.kumite.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Allow-lists of paths: a path is allowed if it is one of those that a pattern of the list stands
 * for on the host.
 *
 * <p>A pattern without {@code * ? [ \} stands for itself, letter by letter, if there is such a file
 * (a dangling link is one). Another one stands for the files that it matches, part by part between
 * slashes, below its longest leading directory without such characters; that directory is written
 * in its shortest form, and no link is resolved. A pattern that is malformed stands for nothing.
 *
 * <p>Source: Go, {@code path/filepath}, {@code Glob}.
 */
final class Glob {

    private Glob() {}

    /**
     * {@return whether {@code path} is among the files that some pattern stands for on {@code
     * host}}
     */
    static boolean matches(List<String> patterns, String path, Host host) {
        for (String pattern : patterns) {
            if (matches(pattern, path, host)) {
                return true;
            }
        }
        return false;
    }

    /**
     * {@return whether the pattern can never stand for anything because it does not follow the
     * syntax}
     */
    static boolean isMalformed(String pattern) {
        return hasMeta(pattern) && parts(pattern).isEmpty();
    }

    private static boolean matches(String pattern, String path, Host host) {
        if (!hasMeta(pattern)) {
            return pattern.equals(path) && host.exists(path);
        }
        Optional<List<GlobPart>> parts = parts(pattern);
        if (parts.isEmpty()) {
            return false;
        }
        int literal = literalLength(pattern);
        String directory = directory(pattern.substring(0, literal));
        int firstMeta = slashes(pattern, literal);
        List<GlobPart> matched = parts.get().subList(firstMeta, parts.get().size());
        List<String> names = namesBelow(directory, path, matched.size());
        if (names.size() != matched.size()) {
            return false;
        }
        for (int i = 0; i < matched.size(); i++) {
            if (!matched.get(i).matches(names.get(i))) {
                return false;
            }
        }
        // Matched by name already, the path stands for a file if there is one: no directory need be
        // listed. And a name
        // that is not UTF-8 cannot be spelt with the replacement characters that a listing would
        // show.
        return host.exists(below(directory, names));
    }

    private static String below(String directory, List<String> names) {
        return LexicalPath.join(directory, String.join("/", names));
    }

    /**
     * {@return the last {@code count} names of the path, if it is what they give below the
     * directory; else none}
     */
    private static List<String> namesBelow(String directory, String path, int count) {
        List<String> names = new ArrayList<>();
        int end = path.length();
        while (names.size() < count) {
            int slash = path.lastIndexOf('/', end - 1);
            String name = end < 0 ? "" : path.substring(slash + 1, end);
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                return List.of();
            }
            names.addFirst(name);
            end = slash;
            if (slash < 0) {
                break;
            }
        }
        String joined = directory;
        for (String name : names) {
            joined = LexicalPath.join(joined, name);
        }
        return joined.equals(path) ? names : List.of();
    }

    /** {@return the parts between the pattern's slashes; nothing if one of them is malformed} */
    private static Optional<List<GlobPart>> parts(String pattern) {
        List<GlobPart> parts = new ArrayList<>();
        int start = 0;
        while (start <= pattern.length()) {
            int slash = pattern.indexOf('/', start);
            int end = slash < 0 ? pattern.length() : slash;
            Optional<GlobPart> part = GlobPart.parse(pattern.substring(start, end));
            if (part.isEmpty()) {
                return Optional.empty();
            }
            parts.add(part.get());
            start = end + 1;
        }
        return Optional.of(parts);
    }

    /** {@return the length of the leading directory that has no meta characters, with its slash} */
    private static int literalLength(String pattern) {
        int meta = 0;
        while (!isMeta(pattern.charAt(meta))) {
            meta++;
        }
        return pattern.lastIndexOf('/', meta) + 1;
    }

    private static String directory(String literal) {
        if (literal.isEmpty()) {
            return ".";
        }
        return literal.equals("/") ? literal : literal.substring(0, literal.length() - 1);
    }

    private static int slashes(String text, int end) {
        int slashes = 0;
        for (int i = 0; i < end; i++) {
            if (text.charAt(i) == '/') {
                slashes++;
            }
        }
        return slashes;
    }

    private static boolean hasMeta(String pattern) {
        for (int i = 0; i < pattern.length(); i++) {
            if (isMeta(pattern.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMeta(char c) {
        return c == '*' || c == '?' || c == '[' || c == '\\';
    }
}
