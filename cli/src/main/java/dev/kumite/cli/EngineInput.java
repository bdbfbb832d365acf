package dev.kumite.cli;

import dev.kumite.engine.Engine;
import java.nio.file.Path;

/** Finds the sandboxes that a command line means. */
final class EngineInput {

    /** Names the option for the directory that sandboxes are in. */
    static final String ROOT = "root";

    private EngineInput() {}

    /** {@return the option for the directory that sandboxes are in} */
    static Syntax.Option root() {
        return Syntax.Option.of(
                ROOT,
                new Syntax.Value.Directory("DIR"),
                "where sandboxes are kept; default " + Engine.DEFAULT_ROOT);
    }

    /** {@return the operand for a sandbox, or a container in one} */
    static Syntax.Operand id() {
        return new Syntax.Operand(
                new Syntax.Value.Running("ID"), false, "the sandbox, or a container in one");
    }

    /** {@return the directory that sandboxes are in} */
    static Path root(Arguments arguments) {
        return Path.of(arguments.value(ROOT, Engine.DEFAULT_ROOT.toString()));
    }

    /** {@return an engine that finds what is there, for commands that make nothing} */
    static Engine finder(Arguments arguments) {
        return Engine.builder().root(root(arguments)).build();
    }
}
