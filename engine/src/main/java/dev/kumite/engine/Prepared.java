package dev.kumite.engine;

import dev.kumite.config.ContainerConfig;
import dev.kumite.config.Plan;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A container that can be made: everything about the request is decided, and nothing taken.
 *
 * @param request what was asked for
 * @param config its plan
 * @param volumes how its mounts reach the guest
 * @param guest what the guest is asked to do
 * @param disks the host's block devices that it gets
 * @param warnings what is worth knowing
 */
record Prepared(
        ContainerRequest request,
        ContainerConfig config,
        VolumePlan volumes,
        GuestSpec guest,
        List<HostDisk> disks,
        List<Problem> warnings) {

    private static final Path SYS_DEV_BLOCK = Path.of("/sys/dev/block");

    private static final int MAX_ID = 128;

    Prepared {
        disks = List.copyOf(disks);
        warnings = List.copyOf(warnings);
    }

    /**
     * {@return the container}
     *
     * @param sandboxId the sandbox that it will be in
     * @param sharesFiles whether the machine shares a file system with the host
     * @param withoutSeccomp whether the guest's seccomp is switched off
     * @throws EngineException REFUSED with all problems
     */
    static Prepared of(
            ContainerRequest request,
            Outcome<Plan> planned,
            String sandboxId,
            boolean sharesFiles,
            boolean withoutSeccomp,
            List<Problem> further) {
        List<Problem> problems = new ArrayList<>(planned.problems());
        problems.addAll(further);
        checkId(request.id()).ifPresent(problems::add);
        if (planned.isRefused()) {
            throw refusal(request, problems);
        }
        ContainerConfig config = planned.value().orElseThrow().container();
        Outcome<VolumePlan> volumes =
                VolumePlanner.plan(config, request, sandboxId, sharesFiles, suffixes());
        problems.addAll(volumes.problems());
        Outcome<List<HostDisk>> disks = HostDisk.of(request.spec(), request.id(), SYS_DEV_BLOCK);
        problems.addAll(disks.problems());
        if (config.cmd().args().isEmpty()) {
            problems.add(
                    Problem.error(
                            new dev.kumite.oci.Location.Text("config.json", 0, 0, "/process/args"),
                            "there is no program to run: process.args is empty",
                            "a container is made for its first process",
                            "add the program and its arguments"));
        }
        if (problems.stream().anyMatch(Problem::isError)) {
            throw refusal(request, problems);
        }
        VolumePlan plan = volumes.value().orElseThrow();
        GuestSpec guest =
                GuestSpec.of(request.spec(), config, request.bundle(), plan, withoutSeccomp);
        problems.addAll(guest.warnings());
        return new Prepared(request, config, plan, guest, disks.value().orElseThrow(), problems);
    }

    private static EngineException refusal(ContainerRequest request, List<Problem> problems) {
        String first =
                problems.stream()
                        .filter(Problem::isError)
                        .map(Problem::describe)
                        .findFirst()
                        .orElse("");
        return EngineException.refused(
                "container \"" + Texts.line(request.id(), MAX_ID) + "\" is refused: " + first,
                problems);
    }

    /** Its id becomes names of files here and in the guest. */
    private static Optional<Problem> checkId(String id) {
        boolean good = !id.isEmpty() && id.length() <= MAX_ID && isLetterOrDigit(id.charAt(0));
        for (int i = 0; good && i < id.length(); i++) {
            good = isLetterOrDigit(id.charAt(i)) || "_.+-".indexOf(id.charAt(i)) >= 0;
        }
        return good
                ? Optional.empty()
                : Optional.of(
                        Problem.error(
                                new dev.kumite.oci.Location.Argument("id"),
                                "\"" + Texts.line(id, MAX_ID) + "\" is no identity",
                                "it becomes the name of files",
                                "use a letter or digit, then up to 127 letters, digits, _, ., + or -"));
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static Supplier<String> suffixes() {
        SecureRandom random = new SecureRandom();
        byte[] bytes = new byte[4];
        return () -> {
            random.nextBytes(bytes);
            return HexFormat.of().formatHex(bytes);
        };
    }
}
