package dev.kumite.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Paths as text, without asking any file system.
 *
 * <p>Source: Go, {@code path/filepath}, {@code Clean} and {@code Join} on Unix.
 */
final class LexicalPath {

    private LexicalPath() {}

    static boolean isAbsolute(String path) {
        return path.startsWith("/");
    }

    /**
     * {@return {@code path} below {@code directory}, shortest form; it may well leave the
     * directory}
     */
    static String join(String directory, String path) {
        if (directory.isEmpty()) {
            return path.isEmpty() ? "" : clean(path);
        }
        return path.isEmpty() ? clean(directory) : clean(directory + "/" + path);
    }

    /**
     * {@return the path without repeated slashes, {@code .}, and {@code ..} after a name; {@code .}
     * if nothing is left}
     */
    static String clean(String path) {
        if (path.isEmpty()) {
            return ".";
        }
        boolean rooted = isAbsolute(path);
        Deque<String> kept = new ArrayDeque<>();
        int start = 0;
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            keep(kept, path.substring(start, end), rooted);
            start = end + 1;
        }
        StringBuilder cleaned = new StringBuilder(path.length());
        for (Iterator<String> names = kept.iterator(); names.hasNext(); ) {
            if (rooted || !cleaned.isEmpty()) {
                cleaned.append('/');
            }
            cleaned.append(names.next());
        }
        if (cleaned.isEmpty()) {
            return rooted ? "/" : ".";
        }
        return cleaned.toString();
    }

    private static void keep(Deque<String> kept, String name, boolean rooted) {
        if (name.isEmpty() || name.equals(".")) {
            return;
        }
        if (!name.equals("..")) {
            kept.addLast(name);
            return;
        }
        if (!kept.isEmpty() && !kept.getLast().equals("..")) {
            kept.removeLast();
        } else if (!rooted) {
            kept.addLast(name);
        }
    }
}
