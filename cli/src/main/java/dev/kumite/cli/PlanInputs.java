package dev.kumite.cli;

import dev.kumite.config.BuildConstants;
import dev.kumite.config.Host;
import dev.kumite.config.Plan;
import dev.kumite.config.PlanRequest;
import dev.kumite.config.RuntimeConfig;
import dev.kumite.config.SandboxPlanner;
import dev.kumite.oci.Limits;
import dev.kumite.oci.Location;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Spec;
import dev.kumite.oci.SpecPlaces;
import dev.kumite.oci.SpecReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a plan is made from.
 *
 * @param spec of the bundle
 * @param places where in its config.json a value stands
 * @param runtime the configuration
 * @param request what the command line says beside them
 * @param host the machine that is planned for
 * @param build the places that are meant where the configuration says nothing
 */
record PlanInputs(
        Spec spec,
        SpecPlaces places,
        RuntimeConfig runtime,
        PlanRequest request,
        Host host,
        BuildConstants build) {

    private static final String CONFIG_JSON = "config.json";
    private static final String BUNDLE = "bundle";
    private static final String ID = "id";
    private static final String CONSOLE = "console";
    private static final String DETACH = "detach";
    private static final String SYSTEMD_CGROUP = "systemd-cgroup";

    /** {@return the options that say where the inputs are} */
    static List<Syntax.Option> options() {
        List<Syntax.Option> options = new ArrayList<>();
        options.add(
                Syntax.Option.of(
                        BUNDLE,
                        new Syntax.Value.Directory("DIR"),
                        "the OCI bundle, a directory with a config.json; default ."));
        options.add(
                Syntax.Option.of(
                        ID,
                        new Syntax.Value.Text("ID"),
                        "identity of the container; default: the name of the bundle's directory"));
        options.addAll(ConfigurationInput.options());
        options.add(
                Syntax.Option.of(
                        CONSOLE,
                        new Syntax.Value.File("PATH"),
                        "the terminal that the container gets; default: none"));
        options.add(Syntax.Option.flag(DETACH, "nobody waits for the container's output"));
        options.add(Syntax.Option.flag(SYSTEMD_CGROUP, "cgroups are made by systemd"));
        return options;
    }

    /** {@return all that the command line names, read; or what is wrong with it} */
    static Outcome<PlanInputs> read(Arguments arguments, Console console) {
        List<Problem> problems = new ArrayList<>();
        Host host = ConfigurationInput.host(arguments);
        BuildConstants build = BuildConstants.PACKAGED;
        Optional<String> bundle = bundle(arguments.value(BUNDLE, "."), host, problems);
        Optional<String> id = bundle.flatMap(directory -> id(arguments, directory, problems));
        Optional<byte[]> document =
                bundle.flatMap(directory -> document(directory, host, problems));
        Optional<Spec> spec =
                document.flatMap(utf8 -> spec(utf8, specPath(bundle.orElseThrow()), problems));
        Outcome<RuntimeConfig> runtime =
                ConfigurationInput.loadOrBuiltIn(
                        ConfigurationInput.path(
                                arguments.value(ConfigurationInput.CONFIG), console),
                        ConfigurationInput.loadOptions(arguments),
                        host,
                        build);
        problems.addAll(runtime.problems());
        if (spec.isEmpty() || id.isEmpty() || runtime.isRefused()) {
            return Outcome.refused(problems);
        }
        PlanRequest request =
                new PlanRequest(
                        bundle.orElseThrow(),
                        id.get(),
                        arguments.value(CONSOLE, ""),
                        arguments.has(DETACH),
                        arguments.has(SYSTEMD_CGROUP));
        return Outcome.of(
                new PlanInputs(
                        spec.get(),
                        SpecPlaces.of(document.orElseThrow(), specPath(request.bundle())),
                        runtime.value().orElseThrow(),
                        request,
                        host,
                        build),
                problems);
    }

    /** {@return the plan; its problems name the line of {@code config.json} that they are about} */
    Outcome<Plan> plan() {
        Outcome<Plan> plan = SandboxPlanner.of(runtime, host, build).plan(spec, request);
        if (plan.problems().isEmpty()) {
            return plan;
        }
        return new Outcome<>(plan.value(), plan.problems().stream().map(this::placed).toList());
    }

    /** The planner knows a value by its pointer; its line only the document knows. */
    private Problem placed(Problem problem) {
        boolean here =
                problem.where() instanceof Location.Text(String source, int line, _, _)
                        && line == 0
                        && source.equals(CONFIG_JSON);
        if (!here) {
            return problem;
        }
        Location.Text where = (Location.Text) problem.where();
        return new Problem(
                problem.severity(),
                places.find(where.path()),
                problem.what(),
                problem.why(),
                problem.fix());
    }

    private static Optional<String> bundle(String path, Host host, List<Problem> problems) {
        Location where = new Location.Argument("--" + BUNDLE);
        String what = "the bundle is \"" + path + "\"";
        String fix =
                "name a directory with a config.json, such as one that \"runc spec\" was run in";
        // No switch over types on the way to a plan: see Syntax.Value.
        Host.Resolution resolution = host.resolve(path);
        if (resolution instanceof Host.Resolution.Found(String directory)) {
            if (host.isDirectory(directory)) {
                return Optional.of(directory);
            }
            problems.add(Problem.error(where, what, "that is no directory", fix));
        } else if (resolution instanceof Host.Resolution.Failed(String reason)) {
            problems.add(Problem.error(where, what, reason, fix));
        } else {
            problems.add(Problem.error(where, what, "there is no such directory", fix));
        }
        return Optional.empty();
    }

    private static Optional<String> id(Arguments arguments, String bundle, List<Problem> problems) {
        String id = arguments.value(ID, bundle.substring(bundle.lastIndexOf('/') + 1));
        if (isContainerId(id)) {
            return Optional.of(id);
        }
        problems.add(
                Problem.error(
                        new Location.Argument("--" + ID),
                        "the container's id is \"" + id + "\"",
                        "an id has two characters or more, letters, digits,"
                                + " and after the first also \"_\", \".\", \"-\"",
                        arguments.has(ID)
                                ? "choose another one"
                                : "the bundle's name does not do, so give --id"));
        return Optional.empty();
    }

    /** Source: Kata Containers, Go runtime, {@code katautils.VerifyContainerID}. */
    static boolean isContainerId(String id) {
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean alphanumeric =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            boolean mark = i > 0 && (c == '_' || c == '.' || c == '-');
            if (!alphanumeric && !mark) {
                return false;
            }
        }
        return id.length() > 1;
    }

    private static String specPath(String bundle) {
        return bundle.endsWith("/") ? bundle + CONFIG_JSON : bundle + "/" + CONFIG_JSON;
    }

    private static Optional<Spec> spec(byte[] utf8, String path, List<Problem> problems) {
        Outcome<Spec> spec = SpecReader.read(utf8, path);
        problems.addAll(spec.problems());
        return spec.value();
    }

    private static Optional<byte[]> document(String bundle, Host host, List<Problem> problems) {
        String path = specPath(bundle);
        Host.Contents contents = host.read(path, Limits.MAX_DOCUMENT_LENGTH);
        if (contents instanceof Host.Contents.Bytes(byte[] utf8)) {
            return Optional.of(utf8);
        }
        String reason = contents instanceof Host.Contents.Failed(String why) ? why : "it is empty";
        problems.add(
                Problem.error(
                        new Location.Text(path, 0, 0, ""),
                        "the bundle's specification cannot be read",
                        reason,
                        "name a directory with a config.json as --" + BUNDLE));
        return Optional.empty();
    }
}
