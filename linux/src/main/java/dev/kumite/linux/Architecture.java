package dev.kumite.linux;

/** The machine architectures that the numbers of this module are known for. */
enum Architecture {
    X86_64,
    AARCH64;

    /** That of the running virtual machine. */
    static final Architecture CURRENT = of(System.getProperty("os.arch", ""));

    static Architecture of(String name) {
        return switch (name) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64" -> AARCH64;
            default ->
                    throw new LinuxException(
                            "start on architecture \""
                                    + name
                                    + "\", which is not x86_64 or aarch64",
                            Errno.ENOSYS.number());
        };
    }
}
