package dev.kumite.engine;

import dev.kumite.oci.Problem;
import java.io.Serial;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An operation on a sandbox failed. The message says what failed and the likely cause, in one line;
 * {@link #evidence()}, {@link #remedy()} and {@link #record()} say the rest.
 */
public final class EngineException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    /** What kind of failure it is. */
    public enum Category {
        /** The request itself cannot be carried out; see {@link #problems()}. */
        REFUSED,
        /** There is no sandbox, container or process of that name. */
        NOT_FOUND,
        /** The name is taken, or another process holds what is needed. */
        CONFLICT,
        /** Not possible in this state, such as starting a container twice. */
        ILLEGAL_STATE,
        /** The host lacks something: a file, a right, memory, room on a disk. */
        HOST,
        /** QEMU or virtiofsd could not be started, or ended. */
        HYPERVISOR,
        /** The guest did not do what it was asked, or said something that makes no sense. */
        GUEST,
        /** Something took longer than its deadline. */
        TIMEOUT,
        /** The calling thread was interrupted; its interrupt flag is set. */
        INTERRUPTED,
        /** The sandbox is closed, or its machine is gone. */
        CLOSED
    }

    private final Category category;
    private final @Nullable Step step;
    private final transient List<Problem> problems;
    private final transient List<String> evidence;
    private final String remedy;
    private final @Nullable String record;

    private EngineException(Builder builder) {
        super(builder.message, builder.cause);
        this.category = builder.category;
        this.step = builder.step;
        this.problems = List.copyOf(builder.problems);
        this.evidence = List.copyOf(builder.evidence);
        this.remedy = builder.remedy;
        this.record = builder.record;
    }

    static Builder builder(Category category, String message) {
        return new Builder(category, message);
    }

    /**
     * {@return a failure} For what stands for the engine in tests, too.
     *
     * @param message what is wrong, where and why
     * @param remedy how to mend it; empty if nobody knows
     */
    public static EngineException of(Category category, String message, String remedy) {
        return builder(category, message).remedy(remedy).build();
    }

    static EngineException refused(String message, List<Problem> problems) {
        return builder(Category.REFUSED, message).problems(problems).build();
    }

    /** Restores the thread's interrupt flag. */
    static EngineException interrupted(String during) {
        Thread.currentThread().interrupt();
        return of(Category.INTERRUPTED, "interrupted while " + during, "");
    }

    /** {@return the same failure with what is known only further out} */
    Builder toBuilder() {
        Builder builder = new Builder(category, getMessage() == null ? "" : getMessage());
        builder.step = step;
        builder.problems = problems;
        builder.evidence = evidence;
        builder.remedy = remedy;
        builder.record = record;
        builder.cause = getCause();
        return builder;
    }

    /** {@return in one line what failed and why, all that is wrong with the request, what to do} */
    public String inOneLine() {
        StringBuilder text = new StringBuilder(String.valueOf(getMessage()));
        for (Problem problem : problems) {
            // Some messages have the first of them in themselves.
            if (problem.isError() && text.indexOf(problem.describe()) < 0) {
                text.append("; ").append(problem.describe());
            }
        }
        if (!remedy.isEmpty()) {
            text.append("; ").append(remedy);
        }
        return text.toString();
    }

    /**
     * {@return all that is known of the failure, a line for each piece of it, as stack traces show
     * it}
     */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // the message alone is one line, for callers
    public String toString() {
        StringBuilder text = new StringBuilder(super.toString());
        problems.forEach(problem -> text.append("\n  ").append(problem.describe()));
        evidence.forEach(line -> text.append("\n  ").append(line));
        if (!remedy.isEmpty()) {
            text.append("\n  to do: ").append(remedy);
        }
        if (record != null) {
            text.append("\n  record: ").append(record);
        }
        return text.toString();
    }

    /** {@return what kind of failure it is} */
    public Category category() {
        return category;
    }

    /** {@return the step of the start that failed; nothing if it was no start} */
    public Optional<Step> step() {
        return Optional.ofNullable(step);
    }

    /** {@return what is wrong with the request; empty unless it was refused} */
    public List<Problem> problems() {
        return problems;
    }

    /** {@return the last lines that the guest's console, QEMU or virtiofsd wrote; may be empty} */
    public List<String> evidence() {
        return evidence;
    }

    /** {@return what to do about it; may be empty} */
    public String remedy() {
        return remedy;
    }

    /**
     * {@return the directory with the record of the sandbox, that {@link Engine#record} reads;
     * nothing if there is none}
     */
    public Optional<Path> record() {
        return Optional.ofNullable(record).map(Path::of);
    }

    /** An exception in the making. Confined to one thread. */
    static final class Builder {
        private final Category category;
        private final String message;
        private @Nullable Step step;
        private List<Problem> problems = List.of();
        private List<String> evidence = List.of();
        private String remedy = "";
        private @Nullable String record;
        private @Nullable Throwable cause;

        private Builder(Category category, String message) {
            this.category = category;
            this.message = message;
        }

        Builder step(Step failed) {
            this.step = failed;
            return this;
        }

        Builder problems(List<Problem> all) {
            this.problems = List.copyOf(all);
            return this;
        }

        Builder evidence(List<String> lines) {
            this.evidence = List.copyOf(lines);
            return this;
        }

        Builder remedy(String whatToDo) {
            this.remedy = whatToDo;
            return this;
        }

        Builder record(Path directory) {
            this.record = directory.toString();
            return this;
        }

        Builder cause(@Nullable Throwable reason) {
            this.cause = reason;
            return this;
        }

        EngineException build() {
            return new EngineException(this);
        }
    }
}
