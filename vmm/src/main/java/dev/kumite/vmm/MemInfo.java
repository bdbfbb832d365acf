package dev.kumite.vmm;

import java.util.List;

/**
 * Lines of {@code /proc/meminfo}.
 *
 * <p>Source: proc_meminfo(5).
 */
public final class MemInfo {

    private MemInfo() {}

    /**
     * {@return the number in the line of that name, in its own unit, which is mostly KiB}
     *
     * @param name with its colon, such as {@code MemTotal:}
     * @param otherwise what to answer if there is none
     */
    public static long number(List<String> lines, String name, long otherwise) {
        for (String line : lines) {
            if (line.startsWith(name)) {
                String rest = line.substring(name.length()).strip();
                int end = rest.indexOf(' ');
                try {
                    return Long.parseLong(end < 0 ? rest : rest.substring(0, end));
                } catch (NumberFormatException _) {
                    return otherwise;
                }
            }
        }
        return otherwise;
    }
}
