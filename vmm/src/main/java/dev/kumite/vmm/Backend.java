package dev.kumite.vmm;

import java.nio.file.Path;
import java.util.List;

/**
 * What the host provides for a {@link Device}: a file, a socket, memory, a network interface.
 *
 * <p>Source: QEMU 7.2, {@code qemu-options.hx} and {@code qapi/*.json}.
 */
public sealed interface Backend extends QemuSwitch {

    /** {@return the switch, such as {@code -object}} */
    String name();

    /** {@return its options; also the arguments of the QMP command that adds it later} */
    Options options();

    @Override
    default List<String> arguments() {
        return List.of(name(), options().keyval());
    }

    /** {@code -chardev}. */
    sealed interface Chardev extends Backend {
        @Override
        default String name() {
            return "-chardev";
        }
    }

    /** {@code -object}. */
    sealed interface ObjectAdd extends Backend {
        @Override
        default String name() {
            return "-object";
        }

        /** {@return the object's id} */
        String id();
    }

    /**
     * A Unix socket that QEMU listens on. What the guest writes while nobody is connected is
     * dropped.
     *
     * @param id its id
     * @param path of the socket
     */
    record SocketServer(String id, Path path) implements Chardev {
        @Override
        public Options options() {
            return Options.of("backend", "socket")
                    .text("id", id)
                    .text("path", path.toString())
                    .flag("server", true)
                    .flag("wait", false)
                    .build();
        }
    }

    /**
     * A Unix socket that QEMU connects to.
     *
     * @param id its id
     * @param path of the socket
     */
    record SocketClient(String id, Path path) implements Chardev {
        @Override
        public Options options() {
            return Options.of("backend", "socket")
                    .text("id", id)
                    .text("path", path.toString())
                    .build();
        }
    }

    /**
     * Anonymous memory that other processes can map.
     *
     * @param id its id
     * @param sizeMib its size
     * @param prealloc whether it is taken from the host at once
     * @param hugetlb whether it is made of huge pages
     * @param share whether changes are seen by whoever maps it
     */
    record MemoryMemfd(String id, long sizeMib, boolean prealloc, boolean hugetlb, boolean share)
            implements ObjectAdd {
        @Override
        public Options options() {
            return Options.of("qom-type", "memory-backend-memfd")
                    .text("id", id)
                    .text("size", sizeMib + "M")
                    .flag("share", share)
                    .flagIfOn("hugetlb", hugetlb)
                    .flagIfOn("prealloc", prealloc)
                    .build();
        }
    }

    /**
     * Memory of QEMU's own.
     *
     * @param id its id
     * @param sizeMib its size
     * @param prealloc whether it is taken from the host at once
     */
    record MemoryRam(String id, long sizeMib, boolean prealloc) implements ObjectAdd {
        @Override
        public Options options() {
            return Options.of("qom-type", "memory-backend-ram")
                    .text("id", id)
                    .text("size", sizeMib + "M")
                    .flagIfOn("prealloc", prealloc)
                    .build();
        }
    }

    /**
     * Memory in a file.
     *
     * @param id its id
     * @param memPath the file, or a directory for a file without a name
     * @param sizeBytes its size
     * @param share whether changes reach the file
     * @param readonly whether nobody can change it
     * @param prealloc whether it is taken from the host at once
     */
    record MemoryFile(
            String id,
            Path memPath,
            long sizeBytes,
            boolean share,
            boolean readonly,
            boolean prealloc)
            implements ObjectAdd {
        @Override
        public Options options() {
            return Options.of("qom-type", "memory-backend-file")
                    .text("id", id)
                    .text("mem-path", memPath.toString())
                    .number("size", sizeBytes)
                    .flag("share", share)
                    .flagIfOn("readonly", readonly)
                    .flagIfOn("prealloc", prealloc)
                    .build();
        }
    }

    /**
     * The host's entropy.
     *
     * @param id its id
     * @param filename such as {@code /dev/urandom}
     */
    record RngRandom(String id, Path filename) implements ObjectAdd {
        @Override
        public Options options() {
            return Options.of("qom-type", "rng-random")
                    .text("id", id)
                    .text("filename", filename.toString())
                    .build();
        }
    }

    /**
     * A thread for the input and output of devices.
     *
     * @param id its id
     */
    record IoThread(String id) implements ObjectAdd {
        @Override
        public Options options() {
            return Options.of("qom-type", "iothread").text("id", id).build();
        }
    }

    /**
     * {@code -fsdev}: a directory for 9p.
     *
     * @param id its id
     * @param path the directory
     * @param readonly whether the guest can write
     */
    record Fsdev(String id, Path path, boolean readonly) implements Backend {
        @Override
        public String name() {
            return "-fsdev";
        }

        @Override
        public Options options() {
            return Options.of("fsdriver", "local")
                    .text("id", id)
                    .text("path", path.toString())
                    .text("security_model", "none")
                    // directories of several file systems are shared: inode numbers must not clash
                    .text("multidevs", "remap")
                    .flagIfOn("readonly", readonly)
                    .build();
        }
    }

    /**
     * {@code -blockdev}: a raw file or block device.
     *
     * @param nodeName its name
     * @param driver {@code file} or {@code host_device}
     * @param filename what it is
     * @param readOnly whether the guest can write
     * @param cacheDirect whether the host's page cache is bypassed
     * @param cacheNoFlush whether flush requests are ignored
     */
    record Blockdev(
            String nodeName,
            String driver,
            Path filename,
            boolean readOnly,
            boolean cacheDirect,
            boolean cacheNoFlush)
            implements Backend {
        @Override
        public String name() {
            return "-blockdev";
        }

        @Override
        public Options options() {
            return Options.of("driver", "raw")
                    .text("node-name", nodeName)
                    .flag("read-only", readOnly)
                    .flag("cache.direct", cacheDirect)
                    .flag("cache.no-flush", cacheNoFlush)
                    .text("file.driver", driver)
                    .text("file.filename", filename.toString())
                    // other machines may read the same image; nobody else writes one that we write
                    .text("file.locking", readOnly ? "off" : "auto")
                    .build();
        }
    }

    /**
     * {@code -netdev tap}, by the interface's name.
     *
     * @param id its id
     * @param ifname the tap interface, in QEMU's network namespace
     * @param vhost whether the host's kernel handles packets
     * @param queues 1, or more for several queues
     */
    record Tap(String id, String ifname, boolean vhost, int queues) implements Backend {
        @Override
        public String name() {
            return "-netdev";
        }

        @Override
        public Options options() {
            Options.Builder options =
                    Options.of("type", "tap")
                            .text("id", id)
                            .text("ifname", ifname)
                            .text("script", "no")
                            .text("downscript", "no")
                            .flag("vhost", vhost);
            return options.numberIfAny("queues", queues > 1 ? queues : 0).build();
        }
    }

    /**
     * {@code netdev_add tap}, by a descriptor that was handed over before.
     *
     * @param id its id
     * @param fd the descriptor's name in QEMU
     * @param vhost whether the host's kernel handles packets
     */
    record TapFd(String id, String fd, boolean vhost) implements Backend {
        @Override
        public String name() {
            return "-netdev";
        }

        @Override
        public Options options() {
            return Options.of("type", "tap")
                    .text("id", id)
                    .text("fd", fd)
                    .flag("vhost", vhost)
                    .build();
        }
    }
}
