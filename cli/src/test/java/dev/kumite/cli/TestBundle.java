package dev.kumite.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bundles and configurations for tests, as real files. */
final class TestBundle {

    /** A container that asks for nothing special; valid for every reader. */
    static final String SPEC = spec("");

    /** A configuration that needs no file of the host but a directory for its binaries. */
    static final String CONFIGURATION =
            """
            [hypervisor.qemu]
            path = "/usr/bin/qemu-system-x86_64"
            kernel = "/boot/kernel"
            image = "/boot/image"
            machine_type = "q35"
            enable_annotations = ["default_memory"]
            default_memory = 512
            shared_fs = "virtio-9p"

            [agent.kata]

            [runtime]
            internetworking_model = "tcfilter"
            jaeger_password = "hunter2"
            """;

    private TestBundle() {}

    /** {@return a specification with these annotations, written as members of a JSON object} */
    static String spec(String annotations) {
        return "{\"ociVersion\":\"1.0.2\",\"process\":{\"terminal\":false,\"user\":{\"uid\":0,\"gid\":0},"
                + "\"args\":[\"sh\"],\"env\":[\"A=b=c\"],\"cwd\":\"/\"},\"root\":{\"path\":\"rootfs\"},"
                + "\"hostname\":\"true\",\"linux\":{\"resources\":{}},\"annotations\":{"
                + annotations
                + "}}";
    }

    /** Makes a bundle of this specification. */
    static Path create(Path directory, String name, String spec) throws IOException {
        Path bundle = Files.createDirectories(directory.resolve(name));
        Files.writeString(bundle.resolve("config.json"), spec);
        return bundle.toRealPath();
    }

    /** Makes a configuration file. */
    static Path configuration(Path directory, String toml) throws IOException {
        Path file = directory.resolve("configuration.toml");
        Files.writeString(file, toml);
        return file.toRealPath();
    }
}
