package dev.kumite.config;

import java.util.List;

/** How numbers and names are said to people. */
final class Wording {

    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    /** Length of what is shown of an identity. Containerd and podman show as much. */
    private static final int SHORT_ID = 12;

    private Wording() {}

    /** {@return such as {@code 1 vCPU}} */
    static String vcpus(long count) {
        return count(count, "vCPU");
    }

    /** {@return such as {@code 2 rules}} */
    static String count(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    /** {@return such as {@code 2048 MiB}} */
    static String mib(long mib) {
        return mib + " MiB";
    }

    /** {@return such as {@code 64 MiB}, in the largest unit that makes it a whole number} */
    static String bytes(long bytes) {
        if (bytes <= 0 || bytes % KIB != 0) {
            return bytes + " bytes";
        }
        if (bytes % MIB != 0) {
            return bytes / KIB + " KiB";
        }
        return bytes % GIB == 0 ? bytes / GIB + " GiB" : bytes / MIB + " MiB";
    }

    /** {@return the first characters of a long identity} */
    static String shortId(String id) {
        return id.length() > SHORT_ID && isHex(id) ? id.substring(0, SHORT_ID) : id;
    }

    private static boolean isHex(String id) {
        return id.chars().allMatch(c -> Character.digit(c, 16) >= 0);
    }

    /** {@return the hypervisor's own name} */
    static String hypervisor(String type) {
        return switch (type) {
            case "qemu" -> "QEMU";
            case "clh" -> "Cloud Hypervisor";
            case "firecracker" -> "Firecracker";
            case "acrn" -> "ACRN";
            case "" -> "the hypervisor";
            default -> type;
        };
    }

    /** {@return the words with commas, and an "and" before the last} */
    static String and(List<String> words) {
        if (words.size() < 2) {
            return String.join("", words);
        }
        return String.join(", ", words.subList(0, words.size() - 1)) + " and " + words.getLast();
    }
}
