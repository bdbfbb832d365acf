package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.kumite.config.Origin;
import dev.kumite.config.RuntimeConfig;
import dev.kumite.config.RuntimeFields;
import dev.kumite.config.SystemHost;
import dev.kumite.oci.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TracesTest {

    private static final Origin TEST = new Origin.Argument("test");
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

    @TempDir Path directory;

    private final BlockingQueue<String> log = new LinkedBlockingQueue<>();
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final TraceExporter exporter = TraceExporter.open(log::add);
    private HttpServer collector;
    private RecordWriter record;
    private volatile int answer = 200;

    private record Received(String path, @Nullable String authorization, String body) {}

    @BeforeEach
    void open() throws IOException {
        record = RecordWriter.open(directory, InstantSource.fixed(NOON));
        collector =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext(
                "/",
                exchange -> {
                    received.add(
                            new Received(
                                    exchange.getRequestURI().getPath(),
                                    exchange.getRequestHeaders().getFirst("Authorization"),
                                    new String(
                                            exchange.getRequestBody().readAllBytes(),
                                            StandardCharsets.UTF_8)));
                    exchange.sendResponseHeaders(answer, -1);
                    exchange.close();
                });
        collector.start();
    }

    @AfterEach
    void close() {
        exporter.close();
        record.close();
        collector.stop(0);
    }

    private String url() {
        return "http://127.0.0.1:" + collector.getAddress().getPort();
    }

    private static RuntimeConfig configuration(boolean enabled, String endpoint, String user) {
        RuntimeConfig builtIn = BootFiles.builtIn(SystemHost.open());
        return builtIn.withSettings(
                builtIn.settings().toBuilder()
                        .set(RuntimeFields.TRACE, enabled, TEST)
                        .set(RuntimeFields.JAEGER_ENDPOINT, endpoint, TEST)
                        .set(RuntimeFields.JAEGER_USER, user, TEST)
                        .set(RuntimeFields.JAEGER_PASSWORD, user.isEmpty() ? "" : "secret", TEST)
                        .build());
    }

    private Engine engine(RuntimeConfig configuration, Map<String, String> variables) {
        return Engine.builder()
                .root(directory)
                .configuration(configuration)
                .traces(exporter)
                .clock(InstantSource.fixed(NOON))
                .environment(name -> Optional.ofNullable(variables.get(name)))
                .build();
    }

    private static StepClock clock(Engine engine) {
        StepClock clock = new StepClock(engine.clock());
        clock.run(Step.PREPARE, () -> {});
        clock.run(Step.AGENT, () -> {});
        return clock;
    }

    private Received next() throws InterruptedException {
        return received.poll(30, TimeUnit.SECONDS);
    }

    @Test
    void sendsAStartWithASpanForEachStep() throws InterruptedException {
        Engine engine = engine(configuration(true, url(), ""), Map.of());

        StartTrace.begin(engine, "box").started(clock(engine), Optional.empty(), record);

        Received request = next();
        assertThat(request.path()).isEqualTo("/v1/traces");
        assertThat(request.authorization()).isNull();
        assertThat(request.body())
                .contains(
                        "{\"key\":\"service.name\",\"value\":{\"stringValue\":\"kumite\"}}",
                        "{\"key\":\"kumite.sandbox.id\",\"value\":{\"stringValue\":\"box\"}}",
                        "{\"key\":\"container.id\",\"value\":{\"stringValue\":\"box\"}}",
                        "\"name\":\"kumite.start\",\"kind\":1,\"startTimeUnixNano\":\"1767355200000000000\"",
                        "\"name\":\"kumite.start.prepare\"",
                        "\"name\":\"kumite.start.agent\"")
                .doesNotContain("\"status\"")
                .containsPattern(
                        "\"traceId\":\"[0-9a-f]{32}\",\"spanId\":\"[0-9a-f]{16}\",\"name\"")
                .containsPattern(
                        "\"parentSpanId\":\"[0-9a-f]{16}\",\"name\":\"kumite.start.agent\"");
    }

    @Test
    void sendsWhatHasFailedAndWhy() throws InterruptedException {
        Engine engine = engine(configuration(true, url(), ""), Map.of());
        StepClock clock = clock(engine);
        clock.begin(Step.SANDBOX);

        StartTrace.begin(engine, "box").started(clock, Optional.of("no \"luck\""), record);

        assertThat(next().body())
                .containsPattern(
                        "\"name\":\"kumite.start\",.*\"code\":2.*\"name\":\"kumite.start.prepare\"")
                .containsPattern(
                        "\"name\":\"kumite.start.sandbox\",.*\"status\":\\{\"code\":2,\"message\":\"no \\\\\"luck\\\\\"\"\\}");
    }

    @Test
    void furtherContainersArePartsOfTheSandboxesTrace() throws InterruptedException {
        Engine engine = engine(configuration(true, url(), ""), Map.of());
        StartTrace trace = StartTrace.begin(engine, "box");

        trace.started(clock(engine), Optional.empty(), record);
        String made = trace.take(Step.CONTAINER, "web", record, () -> "made");
        assertThatThrownBy(() ->
                        trace.take(
                                Step.START,
                                "web",
                                record,
                                () -> {
                                    throw EngineException.of(
                                            EngineException.Category.GUEST, "no such program", "");
                                }))
                .isInstanceOf(EngineException.class);

        assertThat(made).isEqualTo("made");
        String all = next().body() + next().body() + next().body();
        assertThat(all)
                .contains(
                        "\"name\":\"kumite.start.container\"",
                        "{\"key\":\"container.id\",\"value\":{\"stringValue\":\"web\"}}",
                        "\"message\":\"no such program\"");
        assertThat(all.split("\"traceId\":\"")).hasSize(6);
        String id = all.substring(all.indexOf("\"traceId\""), all.indexOf("\",\"spanId\""));
        assertThat(all.split(id, -1)).hasSize(6);
    }

    @Test
    void goesOnWithTheCallersTrace() throws InterruptedException {
        String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        Engine engine = engine(configuration(true, url(), ""), Map.of("TRACEPARENT", parent));

        StartTrace.begin(engine, "box").started(clock(engine), Optional.empty(), record);

        assertThat(next().body())
                .contains("\"traceId\":\"0af7651916cd43dd8448eb211c80319c\"")
                .contains("\"parentSpanId\":\"b7ad6b7169203331\",\"name\":\"kumite.start\"");
    }

    @Test
    void sendsNothingUnlessTheConfigurationWantsIt() {
        Engine engine =
                engine(
                        configuration(false, url(), ""),
                        Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", url()));
        StartTrace trace = StartTrace.begin(engine, "box");

        trace.started(clock(engine), Optional.empty(), record);
        exporter.close();

        assertThat(trace.take(Step.START, "box", record, () -> 5)).isEqualTo(5);
        assertThat(received).isEmpty();
        assertThat(trace.problem()).isEmpty();
    }

    @Test
    void takesPlaceAndHeadersFromTheUsualVariables() throws InterruptedException {
        Engine engine =
                engine(
                        configuration(true, "", ""),
                        Map.of(
                                "OTEL_EXPORTER_OTLP_ENDPOINT",
                                url() + "/base/",
                                "OTEL_EXPORTER_OTLP_HEADERS",
                                "authorization=Bearer%20a+b,odd"));

        StartTrace.resume(engine, "box").started(clock(engine), Optional.empty(), record);

        Received request = next();
        assertThat(request.path()).isEqualTo("/base/v1/traces");
        assertThat(request.authorization()).isEqualTo("Bearer a+b");
        assertThat(
                        TraceTarget.of(
                                configuration(true, "", ""),
                                name ->
                                        name.equals("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
                                                ? Optional.of("http://a/b")
                                                : Optional.of("http://c")))
                .isInstanceOfSatisfying(
                        TraceTarget.Collector.class,
                        to -> assertThat(to.url()).hasToString("http://a/b"));
    }

    @Test
    void theConfigurationsUserIsAuthenticated() throws InterruptedException {
        Engine engine = engine(configuration(true, url() + "/own", "eve"), Map.of());

        StartTrace.begin(engine, "box").started(clock(engine), Optional.empty(), record);

        Received request = next();
        assertThat(request.path()).isEqualTo("/own");
        // eve:secret
        assertThat(request.authorization()).isEqualTo("Basic ZXZlOnNlY3JldA==");
    }

    @Test
    void aCollectorThatRefusesIsRecordedEachTimeAndLoggedOnce() throws Exception {
        answer = 503;
        Engine engine = engine(configuration(true, url(), ""), Map.of());

        for (int i = 0; i < 2; i++) {
            StartTrace.begin(engine, "box").started(clock(engine), Optional.empty(), record);
            assertThat(next()).isNotNull();
        }

        assertThat(log.poll(30, TimeUnit.SECONDS)).contains("traces are not sent", "answered 503");
        exporter.close();
        assertThat(log).isEmpty();
        assertThat(Files.readString(directory.resolve(RecordWriter.FILE)).split("answered 503"))
                .hasSize(3);
        // What comes after the end is dropped, and said.
        StartTrace.begin(engine, "box").started(clock(engine), Optional.empty(), record);
        assertThat(received).isEmpty();
        assertThat(Files.readString(directory.resolve(RecordWriter.FILE)))
                .contains("too many others");
    }

    @Test
    void whereNothingListensNothingFails() throws InterruptedException {
        collector.stop(0);
        Engine engine = engine(configuration(true, url(), ""), Map.of());

        StartTrace.begin(engine, "box").started(clock(engine), Optional.empty(), record);

        assertThat(log.poll(30, TimeUnit.SECONDS)).contains("traces are not sent: " + url());
    }

    @Test
    void saysWhyNothingIsSentAlthoughItIsWanted() {
        assertThat(findings(true, "", Map.of())).contains("nothing says where traces go");
        assertThat(findings(true, "localhost:4318", Map.of())).contains("it is no URL");
        assertThat(findings(true, "http://a b", Map.of())).contains("no traces are sent");
        assertThat(findings(true, "http://jaeger:14268/api/traces", Map.of()))
                .contains("Jaeger takes Thrift", "4318");
        assertThat(findings(false, "http://jaeger:4318", Map.of()))
                .contains("jaeger_endpoint has no effect");
        assertThat(findings(false, "", Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "x"))).isEmpty();
        assertThat(findings(true, "http://jaeger:4318", Map.of())).isEmpty();
        assertThat(StartTrace.begin(engine(configuration(true, "", ""), Map.of()), "box").problem())
                .hasValueSatisfying(text -> assertThat(text).contains("enable_tracing"));
    }

    private static String findings(
            boolean enabled, String endpoint, Map<String, String> variables) {
        StringBuilder text = new StringBuilder();
        for (Problem problem :
                TraceFindings.of(
                        configuration(enabled, endpoint, ""),
                        name -> Optional.ofNullable(variables.get(name)))) {
            text.append(problem.describe());
        }
        return text.toString();
    }
}
