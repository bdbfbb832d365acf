package dev.kumite.oci;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code config.json}, strictly typed and otherwise as tolerant as Go programs are: names of
 * members without regard to case, unknown members skipped, {@code null} as if absent.
 *
 * <p>No input leads to an exception: what is wrong is a {@link Problem}, with its line and column,
 * and all problems are found at once. {@link Limits} bounds what is read.
 *
 * <p>Source: runtime-spec config.md; Go encoding/json.
 */
public final class SpecReader {

    private static final Names SPEC =
            Names.of(
                    "ociVersion",
                    "process",
                    "root",
                    "hostname",
                    "domainname",
                    "mounts",
                    "hooks",
                    "annotations",
                    "linux",
                    "solaris",
                    "windows",
                    "vm");
    private static final Names ROOT = Names.of("path", "readonly");
    private static final Names MOUNT =
            Names.of("destination", "type", "source", "options", "uidMappings", "gidMappings");

    private SpecReader() {}

    /**
     * {@return the container of a document of any version of the specification}
     *
     * <p>It has a process, whose capabilities are present: {@code capabilities} may be an object of
     * lists, one list for all five sets as before version 1.0, or absent for none.
     *
     * @param json the document
     * @param source the file's path, or a name in angle brackets, for messages
     */
    public static Outcome<Spec> read(String json, String source) {
        return JsonDocument.read(json, source, SpecReader::compatible);
    }

    /**
     * {@return the container of a document of any version of the specification, as {@link
     * #read(String, String)}}
     *
     * @param utf8 the document; a byte in a string that is not UTF-8 becomes U+FFFD
     * @param source the file's path, or a name in angle brackets, for messages
     */
    public static Outcome<Spec> read(byte[] utf8, String source) {
        return JsonDocument.read(utf8, source, SpecReader::compatible);
    }

    /**
     * {@return the process of a document that holds nothing else, as {@code exec --process} of OCI
     * runtimes takes it; its capabilities are present}
     *
     * @param utf8 the document
     * @param source the file's path, or a name in angle brackets, for messages
     */
    public static Outcome<Process> readProcess(byte[] utf8, String source) {
        return JsonDocument.read(utf8, source, ProcessReader::compatible);
    }

    /**
     * {@return the limits of a document that holds nothing else, as {@code update --resources} of
     * OCI runtimes takes it}
     *
     * @param utf8 the document
     * @param source the file's path, or a name in angle brackets, for messages
     */
    public static Outcome<Resources> readResources(byte[] utf8, String source) {
        return JsonDocument.read(utf8, source, ResourcesReader::resources);
    }

    /**
     * {@return the container of a document of version 1.0 or later; process and capabilities may be
     * absent}
     *
     * @param json the document
     * @param source the file's path, or a name in angle brackets, for messages
     */
    public static Outcome<Spec> readPlain(String json, String source) {
        return JsonDocument.read(json, source, SpecReader::plain);
    }

    /**
     * {@return the container of a document of version 1.0 or later, as {@link #readPlain(String,
     * String)}}
     *
     * @param utf8 the document; a byte in a string that is not UTF-8 becomes U+FFFD
     * @param source the file's path, or a name in angle brackets, for messages
     */
    public static Outcome<Spec> readPlain(byte[] utf8, String source) {
        return JsonDocument.read(utf8, source, SpecReader::plain);
    }

    private static Spec plain(JsonInput in) {
        return read(in, ProcessReader::plain);
    }

    private static Spec compatible(JsonInput in) {
        JsonProblems problems = in.problems();
        Spec spec = read(in, ProcessReader::compatible);
        if (spec.process().isEmpty() && !problems.mention("/process")) {
            // Differs from kata: there a problem too, but of the capabilities.
            problems.add(
                    problems.whole("/process"),
                    "process is missing",
                    "there is nothing to run",
                    "add an object process with at least args and cwd");
        }
        return spec;
    }

    private static Spec read(JsonInput in, ValueReader<Process> processReader) {
        String ociVersion = "";
        Optional<Process> process = Optional.empty();
        Optional<Root> root = Optional.empty();
        String hostname = "";
        String domainname = "";
        List<Mount> mounts = List.of();
        Optional<Hooks> hooks = Optional.empty();
        Map<String, String> annotations = Map.of();
        Optional<Linux> linux = Optional.empty();
        Optional<Vm> vm = Optional.empty();
        for (String name = in.first(SPEC); name != null; name = in.next(SPEC)) {
            switch (name) {
                case "ociVersion" -> ociVersion = in.string();
                case "process" -> process = in.object(processReader);
                case "root" -> root = in.object(SpecReader::root);
                case "hostname" -> hostname = in.string();
                case "domainname" -> domainname = in.string();
                case "mounts" -> mounts = in.objects(SpecReader::mount);
                case "hooks" -> hooks = in.object(HooksReader::hooks);
                case "annotations" -> annotations = in.stringMap();
                case "linux" -> linux = in.object(LinuxReader::linux);
                case "solaris" -> OtherSystems.SOLARIS.check(in);
                case "windows" -> OtherSystems.WINDOWS.check(in);
                case "vm" -> vm = in.object(VmReader::vm);
                default -> throw new AssertionError(name);
            }
        }
        return new Spec(
                ociVersion,
                process,
                root,
                hostname,
                domainname,
                mounts,
                hooks,
                annotations,
                linux,
                vm);
    }

    private static Root root(JsonInput in) {
        String path = "";
        boolean readonly = false;
        for (String name = in.first(ROOT); name != null; name = in.next(ROOT)) {
            switch (name) {
                case "path" -> path = in.string();
                case "readonly" -> readonly = in.bool();
                default -> throw new AssertionError(name);
            }
        }
        return new Root(path, readonly);
    }

    private static Mount mount(JsonInput in) {
        String destination = "";
        String type = "";
        String source = "";
        List<String> options = List.of();
        List<IdMapping> uidMappings = List.of();
        List<IdMapping> gidMappings = List.of();
        for (String name = in.first(MOUNT); name != null; name = in.next(MOUNT)) {
            switch (name) {
                case "destination" -> destination = in.string();
                case "type" -> type = in.string();
                case "source" -> source = in.string();
                case "options" -> options = in.strings();
                case "uidMappings" -> uidMappings = in.objects(LinuxReader::idMapping);
                case "gidMappings" -> gidMappings = in.objects(LinuxReader::idMapping);
                default -> throw new AssertionError(name);
            }
        }
        return new Mount(destination, type, source, options, uidMappings, gidMappings);
    }
}
