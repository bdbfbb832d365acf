package dev.kumite.engine;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Posts traces to a collector, beside the work that they tell of: nothing waits for it, and what
 * cannot be sent in time is dropped. Nothing is opened before there is something to send. Safe for
 * use by several threads.
 *
 * <p>{@link HttpURLConnection}, because it is in the runtime's base module: the newer client brings
 * a module, threads and some MB with it.
 */
public final class TraceExporter implements AutoCloseable {

    /** Most requests at once; one for each start, and one for each further container. */
    private static final int MOST_REQUESTS = 32;

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    /** How long the end waits for what is on its way. */
    private static final Duration END = Duration.ofSeconds(3);

    private static final int SUCCESS = 2;
    private static final int HUNDRED = 100;

    private final Consumer<String> log;
    private final Semaphore places = new Semaphore(MOST_REQUESTS);
    private final AtomicBoolean failing = new AtomicBoolean();

    private TraceExporter(Consumer<String> log) {
        this.log = log;
    }

    /**
     * {@return an exporter}
     *
     * @param log is told when sending begins to fail, once until it has succeeded again
     */
    public static TraceExporter open(Consumer<String> log) {
        return new TraceExporter(log);
    }

    /** Sends a request some time, or says why not; returns at once and never fails. */
    void send(TraceTarget.Collector target, String request, Consumer<String> note) {
        if (!places.tryAcquire()) {
            failed("too many others are on their way", note);
            return;
        }
        Thread.ofVirtual()
                .name("traces")
                .start(() -> {
                    try {
                        post(target, request.getBytes(StandardCharsets.UTF_8));
                        failing.set(false);
                    } catch (IOException | IllegalArgumentException failure) {
                        failed(target.url() + ": " + reason(failure), note);
                    } finally {
                        places.release();
                    }
                });
    }

    private static String reason(Exception failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    private void failed(String why, Consumer<String> note) {
        String text = "traces are not sent: " + why;
        note.accept(text);
        if (failing.compareAndSet(false, true)) {
            log.accept(text);
        }
    }

    private static void post(TraceTarget.Collector target, byte[] body) throws IOException {
        if (!(target.url().toURL().openConnection() instanceof HttpURLConnection connection)) {
            throw new IOException("not HTTP");
        }
        try {
            connection.setRequestMethod("POST");
            connection.setConnectTimeout((int) CONNECT.toMillis());
            connection.setReadTimeout((int) ANSWER.toMillis());
            connection.setInstanceFollowRedirects(false);
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(body.length);
            target.headers().forEach(connection::setRequestProperty);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.getOutputStream().write(body);
            int code = connection.getResponseCode();
            if (code / HUNDRED != SUCCESS) {
                throw new IOException("answered " + code);
            }
        } finally {
            connection.disconnect();
        }
    }

    /** Waits a moment for what is on its way. What is sent from now on is dropped. */
    @Override
    public void close() {
        try {
            boolean _ = places.tryAcquire(MOST_REQUESTS, END.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
