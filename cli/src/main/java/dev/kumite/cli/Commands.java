package dev.kumite.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All commands. */
final class Commands {

    private static final List<Command> ALL = made();

    private Commands() {}

    private static List<Command> made() {
        List<Command> all =
                new ArrayList<>(
                        List.of(
                                new RunCommand(),
                                new ExecCommand(),
                                new PsCommand(),
                                new ListCommand(),
                                new LogsCommand(),
                                new GcCommand(),
                                new MetricsCommand(),
                                new CheckCommand(),
                                new PlanCommand(),
                                new ExplainCommand(),
                                new ConfigCheckCommand(),
                                new ConfigShowCommand(),
                                new ConfigReferenceCommand(),
                                new ConfigTemplateCommand(),
                                new AnnotationsCommand(),
                                new GuestBuildCommand(),
                                new GuestShowCommand(),
                                new CompletionCommand(),
                                new DemoCommand()));
        all.addAll(OciCommands.all());
        all.add(new SpecCommand());
        all.add(new FeaturesCommand());
        all.addAll(InstallCommands.all());
        all.add(new HelpCommand());
        return List.copyOf(all);
    }

    /** {@return all commands, in the order of the help} */
    static List<Command> all() {
        return ALL;
    }

    /** {@return the command that the words begin with} */
    static Optional<Command> find(List<String> words) {
        for (Command command : ALL) {
            if (begins(words, command.name())) {
                return Optional.of(command);
            }
        }
        return Optional.empty();
    }

    /** {@return the commands whose name has this first word} */
    static List<Command> group(String first) {
        List<Command> group = new ArrayList<>();
        for (Command command : ALL) {
            if (firstWord(command).equals(first)) {
                group.add(command);
            }
        }
        return group;
    }

    /** {@return the first word of each name, each once} */
    static List<String> firstWords() {
        List<String> words = new ArrayList<>();
        for (Command command : ALL) {
            String first = firstWord(command);
            if (!words.contains(first)) {
                words.add(first);
            }
        }
        return words;
    }

    /** {@return the second word of each name that has this first word and a second} */
    static List<String> secondWords(String first) {
        List<String> words = new ArrayList<>();
        for (Command command : group(first)) {
            if (command.name().length() > first.length()) {
                words.add(command.name().substring(first.length() + 1));
            }
        }
        return words;
    }

    /** {@return how many words the command's name has} */
    static int length(Command command) {
        return command.name().indexOf(' ') < 0 ? 1 : 2;
    }

    private static String firstWord(Command command) {
        int blank = command.name().indexOf(' ');
        return blank < 0 ? command.name() : command.name().substring(0, blank);
    }

    private static boolean begins(List<String> words, String name) {
        int blank = name.indexOf(' ');
        if (blank < 0) {
            return !words.isEmpty() && words.getFirst().equals(name);
        }
        return words.size() > 1
                && words.get(1).length() == name.length() - blank - 1
                && name.startsWith(words.getFirst())
                && words.getFirst().length() == blank
                && name.endsWith(words.get(1));
    }
}
