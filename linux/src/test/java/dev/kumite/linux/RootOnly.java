package dev.kumite.linux;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What a test needs to change the machine; it says so where it cannot run. */
final class RootOnly {
    private RootOnly() {}

    static void assume() {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "needs root: it mounts, or makes devices or namespaces");
    }
}
