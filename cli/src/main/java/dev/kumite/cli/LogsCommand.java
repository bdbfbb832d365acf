package dev.kumite.cli;

import dev.kumite.engine.Engine;
import dev.kumite.engine.EngineException;
import dev.kumite.engine.RecordEntry;
import dev.kumite.engine.SandboxRecord;
import dev.kumite.engine.SandboxStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@code kumite logs}: what was written about a sandbox, by all who took part. */
final class LogsCommand implements Command {

    private static final String FOLLOW = "follow";

    /** How often the record is looked at, if no change of a file shows first, in milliseconds. */
    private static final long LOOK_MILLIS = 1000;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    @Override
    public String name() {
        return "logs";
    }

    @Override
    public String summary() {
        return "show the record of a sandbox, also of one that failed to start";
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                """
                Prints one chronological record: the runtime's steps with their times, what QEMU and virtiofsd
                said, the guest's console, and its agent. Each line has the local time and who wrote it.\
                """,
                List.of(
                        Syntax.Option.flag(
                                        FOLLOW,
                                        "go on with what is written later, until the sandbox has ended")
                                .withLetter('f'),
                        EngineInput.root()),
                List.of(EngineInput.id()),
                List.of(
                        new Syntax.Example("logs web", "shows what has happened so far"),
                        new Syntax.Example("logs -f web", "shows what happens")));
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        Engine engine = EngineInput.finder(arguments);
        String id = arguments.operands().getFirst();
        try {
            SandboxRecord record = engine.record(sandbox(engine, id));
            Printed printed = new Printed(console);
            printed.print(record.entries());
            if (arguments.has(FOLLOW)) {
                follow(engine, record, printed, console);
            }
            return ExitCode.DONE;
        } catch (EngineException failure) {
            EngineFailure.report(failure, "", arguments, console);
            return ExitCode.REFUSED;
        }
    }

    /** {@return the sandbox of that id, or that a container of that id is in, or else the id} */
    static String sandbox(Engine engine, String id) {
        if (engine.find(id).isPresent()) {
            return id;
        }
        for (SandboxStatus sandbox : engine.list()) {
            for (SandboxStatus.ContainerStatus container : sandbox.containers()) {
                if (container.id().equals(id)) {
                    return sandbox.id();
                }
            }
        }
        return id;
    }

    private static void follow(
            Engine engine, SandboxRecord record, Printed printed, Console console) {
        Path directory = record.directory();
        try (WatchService watcher = directory.getFileSystem().newWatchService()) {
            WatchKey key =
                    directory.register(
                            watcher,
                            StandardWatchEventKinds.ENTRY_MODIFY,
                            StandardWatchEventKinds.ENTRY_CREATE);
            boolean goesOn = true;
            while (goesOn && !console.out().failed()) {
                console.out().flush();
                Optional<WatchKey> changed =
                        Optional.ofNullable(watcher.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS));
                changed.ifPresent(WatchKey::pollEvents);
                key.reset();
                // In this order: what is written between the two is still printed.
                goesOn = engine.find(record.sandboxId()).map(LogsCommand::isAtWork).orElse(false);
                printed.print(engine.record(record.sandboxId()).entries());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (EngineException ended) {
            if (ended.category() != EngineException.Category.NOT_FOUND) {
                throw ended;
            }
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private static boolean isAtWork(SandboxStatus sandbox) {
        return switch (sandbox.state()) {
            case STARTING, RUNNING, STOPPING -> true;
            case ORPHANED, DEAD -> false;
        };
    }

    /** Prints each entry once, however often it is seen. Confined to one thread. */
    private static final class Printed {

        private final Console console;
        private final ZoneId zone = ZoneId.systemDefault();
        private Map<RecordEntry, Integer> before = Map.of();

        Printed(Console console) {
            this.console = console;
        }

        void print(List<RecordEntry> entries) {
            Map<RecordEntry, Integer> now = new HashMap<>();
            for (RecordEntry entry : entries) {
                int times = now.merge(entry, 1, Integer::sum);
                if (times > before.getOrDefault(entry, 0)) {
                    line(entry);
                }
            }
            before = now;
        }

        private void line(RecordEntry entry) {
            Colours colours = console.outColours();
            String text = ProblemText.printable(entry.text());
            boolean ours = entry.source() == RecordEntry.Source.RUNTIME;
            console.out()
                    .text(TIME.format(LocalTime.ofInstant(entry.time(), zone)))
                    .text(" ")
                    .text(Paragraph.pad(entry.source().word(), 9))
                    .text(" ")
                    .line(ours ? colours.strong(text) : text);
        }
    }
}
