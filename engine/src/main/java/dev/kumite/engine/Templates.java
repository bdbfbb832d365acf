package dev.kumite.engine;

import dev.kumite.linux.FileLock;
import dev.kumite.linux.LinuxException;
import dev.kumite.vmm.Boot;
import dev.kumite.vmm.MachinePlan;
import dev.kumite.vmm.MachineTemplate;
import dev.kumite.vmm.VmmException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Templates of machines, each in a directory that bears its key. Whatever is wrong with them is
 * written down, and the machine is booted: a template only saves time.
 */
final class Templates {

    /** How many are kept; each takes some 200 MiB of disk. The one not used longest goes first. */
    static final int MOST = 4;

    /** How long nobody tries again to make a template that could not be made. */
    private static final Duration RETRY = Duration.ofMinutes(30);

    private static final String LOCK = "lock";
    private static final String FAILED = ".failed";
    private static final String UNFINISHED = ".new";

    private final Engine engine;
    private final SandboxPreparation preparation;
    private final RecordWriter record;
    private final StepClock clock;

    Templates(Engine engine, SandboxPreparation preparation, RecordWriter record, StepClock clock) {
        this.engine = engine;
        this.preparation = preparation;
        this.record = record;
        this.clock = clock;
    }

    /**
     * {@return the template for the machine, made now if there is none; nothing if it cannot be}
     */
    Optional<MachineTemplate> find() {
        Optional<Path> kept = engine.templates();
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        try {
            MachinePlan plan =
                    preparation.machinePlan(
                            "template", Path.of("/template"), new Boot.Cold(), List.of());
            if (!MachineTemplate.isPossible(plan)) {
                record.note("this machine cannot go on from a template: it is booted");
                return Optional.empty();
            }
            return find(kept.get(), MachineTemplate.key(plan));
        } catch (IOException e) {
            return without(Failures.reason(e));
        } catch (LinuxException e) {
            return without(String.valueOf(e.getMessage()));
        }
    }

    private Optional<MachineTemplate> find(Path kept, String key) throws IOException {
        Path place = kept.resolve(key);
        if (isThere(place)) {
            return Optional.of(used(place));
        }
        Files.createDirectories(
                kept,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path failed = kept.resolve(key + FAILED);
        if (hasFailed(failed)) {
            return without("it could not be made: " + Files.readString(failed).strip());
        }
        // Others that want the same one wait here instead of booting as well.
        try (FileLock _ =
                FileLock.acquire(
                        kept.resolve(LOCK), FileLock.Mode.EXCLUSIVE, engine.deadlines().agent())) {
            if (isThere(place)) {
                return Optional.of(used(place));
            }
            make(kept, place, failed);
            return Optional.of(new MachineTemplate(place));
        } catch (VmmException | EngineException e) {
            if (isInterruption(e)) {
                throw e;
            }
            Files.writeString(failed, Texts.line(String.valueOf(e.getMessage()), 1000) + "\n");
            return without(String.valueOf(e.getMessage()));
        }
    }

    private void make(Path kept, Path place, Path failed) throws IOException {
        Path unfinished = kept.resolve(place.getFileName() + UNFINISHED);
        delete(unfinished);
        prune(kept);
        Files.createDirectory(unfinished);
        try {
            clock.begin(Step.TEMPLATE);
            TemplateMaker.make(engine, preparation, unfinished);
            Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
            Files.deleteIfExists(failed);
            clock.done(Step.TEMPLATE);
        } finally {
            delete(unfinished);
        }
    }

    private Optional<MachineTemplate> without(String why) {
        record.note("no template for the machine, it is booted: " + why);
        return Optional.empty();
    }

    /** Forgets a template that turned out to be of no use. */
    void discard(MachineTemplate template, String why) {
        record.note("the template is given up: " + why);
        try {
            delete(template.directory());
        } catch (IOException e) {
            record.note("it cannot be removed: " + Failures.reason(e));
        }
    }

    private static boolean isInterruption(RuntimeException e) {
        return (e instanceof VmmException vmm
                        && vmm.category() == VmmException.Category.INTERRUPTED)
                || (e instanceof EngineException failure
                        && failure.category() == EngineException.Category.INTERRUPTED);
    }

    private static boolean isThere(Path place) {
        return Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS);
    }

    private MachineTemplate used(Path place) throws IOException {
        Files.setLastModifiedTime(place, FileTime.from(engine.now()));
        return new MachineTemplate(place);
    }

    private boolean hasFailed(Path failed) throws IOException {
        return Files.exists(failed)
                && Files.getLastModifiedTime(failed).toInstant().plus(RETRY).isAfter(engine.now());
    }

    /** Makes room for one more. */
    private static void prune(Path kept) throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(kept, Templates::isTemplate)) {
            entries.forEach(all::add);
        }
        all.sort(Comparator.comparing(Templates::age));
        for (Path old : all.subList(0, Math.max(0, all.size() - MOST + 1))) {
            delete(old);
        }
    }

    private static boolean isTemplate(Path entry) {
        return isThere(entry)
                && String.valueOf(entry.getFileName()).chars().allMatch(Templates::isHexDigit);
    }

    private static boolean isHexDigit(int letter) {
        return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f');
    }

    private static FileTime age(Path directory) {
        try {
            return Files.getLastModifiedTime(directory);
        } catch (IOException _) {
            return FileTime.fromMillis(0);
        }
    }

    /** A template has no directories in it. */
    private static void delete(Path directory) throws IOException {
        if (!isThere(directory)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                Files.deleteIfExists(entry);
            }
        }
        Files.deleteIfExists(directory);
    }
}
