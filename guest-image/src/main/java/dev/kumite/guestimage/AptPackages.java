package dev.kumite.guestimage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Packages of the host's own distribution, by {@code apt-get download}: no privileges are needed,
 * nothing is installed, and apt checks the archive's signatures. Files that are in the cache
 * already, with the size and checksum that the package lists give, are not fetched again. Confined
 * to one thread.
 */
final class AptPackages implements PackageSource {

    /** One line of {@code apt-get --print-uris download}: URI, file name, size, checksum. */
    private static final Pattern URI_LINE =
            Pattern.compile("'([^']+)' (\\S+\\.deb) (\\d{1,12}) (SHA256|SHA512):(\\p{XDigit}+)");

    /** Package names. Source: Debian Policy, section 5.6.7. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9+.-]{1,200}");

    private final String tools;
    private final Path cache;
    private final Path work;
    private final GuestBuildListener listener;
    private final Map<String, Optional<DebianPackage>> found = new HashMap<>();
    private final String architecture;
    private boolean updated;

    private AptPackages(String tools, Path cache, Path work, GuestBuildListener listener) {
        this.tools = tools;
        this.cache = cache;
        this.work = work;
        this.listener = listener;
        this.architecture = succeed(List.of(tools + "dpkg", "--print-architecture")).strip();
    }

    /**
     * @param cache directory that keeps package files between builds
     * @param work empty directory that packages are unpacked into
     */
    static AptPackages of(Path cache, Path work, GuestBuildListener listener) {
        return of("", cache, work, listener);
    }

    /**
     * @param tools put before the names of Debian's tools; empty for those on the path
     */
    static AptPackages of(String tools, Path cache, Path work, GuestBuildListener listener) {
        return new AptPackages(tools, cache, work, listener);
    }

    @Override
    public String architecture() {
        return architecture;
    }

    @Override
    public Optional<DebianPackage> find(String name) {
        // Not computeIfAbsent: fetching may take minutes and throw.
        Optional<DebianPackage> known = found.get(name);
        if (known == null) {
            known = fetch(name);
            found.put(name, known);
        }
        return known;
    }

    private Optional<DebianPackage> fetch(String name) {
        if (!NAME.matcher(name).matches()) {
            throw GuestImageException.content("\"" + name + "\" is no package name");
        }
        Optional<Matcher> line = locate(name);
        if (line.isEmpty() && !updated && asRoot()) {
            updated = true;
            listener.step("reading the package lists (apt-get update)");
            HostCommand.run(work, apt("update"));
            line = locate(name);
        }
        return line.map(m -> unpack(name, m));
    }

    /**
     * With an index of its own: some machines keep none, and apt would read all lists each time.
     */
    private List<String> apt(String... arguments) {
        List<String> command = new ArrayList<>(List.of(tools + "apt-get", "-q"));
        for (String option :
                List.of(
                        "Dir::Cache::pkgcache=" + work.resolve("pkgcache.bin"),
                        "Dir::Cache::srcpkgcache=" + work.resolve("srcpkgcache.bin"),
                        // apt's own user can rarely write where we want the files.
                        "APT::Sandbox::User=root")) {
            command.add("-o");
            command.add(option);
        }
        command.addAll(List.of(arguments));
        return command;
    }

    private Optional<Matcher> locate(String name) {
        HostCommand.Result result = HostCommand.run(work, apt("--print-uris", "download", name));
        return result.output().lines().map(URI_LINE::matcher).filter(Matcher::matches).findFirst();
    }

    private DebianPackage unpack(String name, Matcher line) {
        Path file = cache.resolve(line.group(2));
        String algorithm = line.group(4).equals("SHA256") ? "SHA-256" : "SHA-512";
        long size = Long.parseLong(line.group(3));
        if (!holds(file, size, algorithm, line.group(5))) {
            listener.step("fetching " + name + " (" + size / 1024 + " KiB)");
            HostCommand.Result result = HostCommand.run(cache, apt("download", name));
            if (result.exitCode() != 0 || !holds(file, size, algorithm, line.group(5))) {
                throw GuestImageException.packages(
                        "cannot fetch the package "
                                + name
                                + ": "
                                + lastLines(result.output())
                                + "; check the network, and run \"apt-get update\" as root if the lists are old");
            }
        }
        Path content = work.resolve(name);
        succeed(List.of(tools + "dpkg-deb", "--extract", file.toString(), content.toString()));
        return new DebianPackage(
                name,
                field(file, "Version"),
                field(file, "Architecture"),
                Sha256.of(file),
                field(file, "Depends"),
                content);
    }

    private String field(Path file, String field) {
        return succeed(List.of(tools + "dpkg-deb", "--field", file.toString(), field)).strip();
    }

    private static boolean holds(Path file, long size, String algorithm, String digest) {
        try {
            return Files.isRegularFile(file)
                    && Files.size(file) == size
                    && Sha256.hex(algorithm, file).equalsIgnoreCase(digest);
        } catch (IOException e) {
            throw GuestImageException.io("cannot read " + file, e);
        }
    }

    private String succeed(List<String> command) {
        HostCommand.Result result = HostCommand.run(work, command);
        if (result.exitCode() != 0) {
            throw GuestImageException.packages(
                    String.join(" ", command)
                            + " ended with "
                            + result.exitCode()
                            + ": "
                            + lastLines(result.output()));
        }
        return result.output();
    }

    private static String lastLines(String output) {
        List<String> lines = output.lines().filter(l -> !l.isBlank()).toList();
        return String.join("; ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
    }

    private static boolean asRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
