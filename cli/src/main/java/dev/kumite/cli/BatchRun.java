package dev.kumite.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Answers a stream of lines on all CPUs, in the order of the lines and in constant memory. One
 * thread reads, one for each CPU answers, the caller's writes. What is between reading and writing
 * is bounded, in lines and in bytes.
 */
final class BatchRun {

    /**
     * Chunks between reading and writing, for each CPU: one in work, one that waits to be worked on
     * or written.
     */
    private static final int CHUNKS_PER_CPU = 2;

    /**
     * Bytes of lines between reading and writing; two of the longest lines. Not less than the
     * longest chunk.
     */
    private static final int MAX_BYTES = 2 * BatchLines.MAX_LINE_BYTES;

    /**
     * A chunk with more bytes than this is answered while no other such is, because answering takes
     * a multiple of it.
     */
    private static final int LARGE_BYTES = 1 << 20;

    private static final long SECOND_NANOS = 1_000_000_000L;

    /** How often the writing thread looks whether the reading one still lives. */
    private static final long LOOK_NANOS = SECOND_NANOS / 4;

    private final BatchAnswers answers;
    private final Console console;
    private final int cpus = Runtime.getRuntime().availableProcessors();
    private final BlockingQueue<Future<Answered>> ordered =
            new ArrayBlockingQueue<>(CHUNKS_PER_CPU * cpus);
    private final Semaphore bytes = new Semaphore(MAX_BYTES);
    private final ReentrantLock large = new ReentrantLock();

    /**
     * Answers to a chunk.
     *
     * @param documents one for each line
     * @param failure why the input ends here; empty if it does not
     * @param last whether nothing follows
     */
    private record Answered(List<byte[]> documents, String failure, boolean last) {}

    BatchRun(BatchAnswers answers, Console console) {
        this.answers = answers;
        this.console = console;
    }

    /** {@return how it ended; all answers are on standard output then} */
    ExitCode run(InputStream in) {
        ExecutorService workers =
                Executors.newFixedThreadPool(
                        cpus, Thread.ofPlatform().name("kumite-batch-", 1).daemon().factory());
        Thread reader =
                Thread.ofPlatform()
                        .name("kumite-batch-reader")
                        .daemon()
                        .unstarted(() -> read(in, workers));
        try {
            reader.start();
            return write(reader);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed("it was interrupted");
        } catch (RuntimeException | Error failure) {
            // Whatever it is: a caller that waits for the next answer must hear that none comes.
            return failed(reason(failure));
        } finally {
            reader.interrupt();
            workers.shutdownNow();
        }
    }

    private void read(InputStream in, ExecutorService workers) {
        try {
            BatchLines lines = new BatchLines(in);
            for (BatchLines.Chunk chunk = lines.next();
                    !chunk.lines().isEmpty();
                    chunk = lines.next()) {
                BatchLines.Chunk read = chunk;
                bytes.acquire(read.bytes());
                FutureTask<Answered> task = new FutureTask<>(() -> answer(read));
                ordered.put(task);
                hand(task, workers);
            }
            ordered.put(done(""));
        } catch (IOException | RuntimeException | Error failure) {
            end(reason(failure));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void hand(FutureTask<Answered> task, ExecutorService workers) {
        boolean taken = false;
        try {
            workers.execute(task);
            taken = true;
        } finally {
            if (!taken) {
                // Nobody will ever work on it, and the writing thread waits for it.
                task.cancel(false);
            }
        }
    }

    private void end(String failure) {
        try {
            ordered.put(done(failure));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static Future<Answered> done(String failure) {
        FutureTask<Answered> task = new FutureTask<>(() -> new Answered(List.of(), failure, true));
        task.run();
        return task;
    }

    private Answered answer(BatchLines.Chunk chunk) {
        boolean alone = chunk.bytes() > LARGE_BYTES;
        if (alone) {
            large.lock();
        }
        try {
            List<byte[]> documents = new ArrayList<>(chunk.lines().size());
            long number = chunk.firstNumber();
            for (byte[] line : chunk.lines()) {
                documents.add(
                        BatchLines.isTooLong(line)
                                ? answers.tooLong(number)
                                : answers.answer(line, number));
                number++;
            }
            return new Answered(documents, "", false);
        } finally {
            bytes.release(chunk.bytes());
            if (alone) {
                large.unlock();
            }
        }
    }

    private ExitCode write(Thread reader) throws InterruptedException {
        Progress progress = new Progress(console);
        while (true) {
            Future<Answered> next = next(reader);
            if (!next.isDone()) {
                // Whoever waits for an answer before the next question must get it.
                console.out().flush();
            }
            Answered answered = resultOf(next);
            for (byte[] document : answered.documents()) {
                console.out().bytes(document).bytes(NEW_LINE);
            }
            if (answered.last()) {
                progress.end();
                return answered.failure().isEmpty() ? ExitCode.DONE : failed(answered.failure());
            }
            if (ordered.isEmpty()) {
                console.out().flush();
            }
            if (console.out().failed()) {
                return ExitCode.REFUSED;
            }
            progress.add(answered.documents().size());
        }
    }

    private static final byte[] NEW_LINE = {'\n'};

    /**
     * {@return what comes next in order}
     *
     * @throws IllegalStateException if nothing comes any longer, though the end was not reached
     */
    private Future<Answered> next(Thread reader) throws InterruptedException {
        while (true) {
            // Asked before the queue is: all that the reader leaves behind is there once it ended.
            boolean ended = !reader.isAlive();
            Future<Answered> next = ordered.poll(ended ? 0 : LOOK_NANOS, TimeUnit.NANOSECONDS);
            if (next != null) {
                return next;
            }
            if (ended) {
                throw new IllegalStateException("the thread that reads the lines has died");
            }
        }
    }

    private ExitCode failed(String reason) {
        console.note("error: the batch cannot go on: " + reason);
        return ExitCode.REFUSED;
    }

    private static String reason(Throwable failure) {
        return switch (failure) {
            case IOException e -> "the input cannot be read: " + e.getMessage();
            case OutOfMemoryError e -> "there is not enough memory (" + e.getMessage() + ")";
            case IllegalStateException e -> String.valueOf(e.getMessage());
            default -> failure.toString();
        };
    }

    private static Answered resultOf(Future<Answered> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException("lines cannot be answered: " + reason(cause), e);
        } catch (CancellationException e) {
            throw new IllegalStateException("lines cannot be answered: no thread takes them", e);
        }
    }

    /** A count for people that wait. Confined to the writing thread. */
    private static final class Progress {
        private final Console console;
        private final boolean shown;
        private long count;
        private long next = System.nanoTime() + SECOND_NANOS;

        private Progress(Console console) {
            this.console = console;
            shown = console.err().isTerminal();
        }

        private void add(int more) {
            count += more;
            if (shown && System.nanoTime() - next >= 0) {
                next = System.nanoTime() + SECOND_NANOS;
                console.err().text("\r" + count + " cases").flush();
            }
        }

        private void end() {
            if (shown) {
                console.err().line("\r" + count + " cases");
            }
        }
    }
}
