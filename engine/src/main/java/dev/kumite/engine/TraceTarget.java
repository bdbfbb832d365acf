package dev.kumite.engine;

import dev.kumite.config.RuntimeConfig;
import dev.kumite.config.RuntimeFields;
import dev.kumite.config.Settings;
import dev.kumite.oci.Location;
import dev.kumite.oci.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Where traces go. */
sealed interface TraceTarget {

    /** None are wanted. */
    record Off() implements TraceTarget {}

    /** They are wanted, and there is no place for them. */
    record Nowhere(Problem problem) implements TraceTarget {}

    /**
     * A collector of OpenTelemetry.
     *
     * @param url where requests are posted to
     * @param headers what each of them has beside the usual ones
     */
    record Collector(URI url, Map<String, String> headers) implements TraceTarget {
        public Collector {
            headers = Map.copyOf(headers);
        }
    }

    /** Source: OpenTelemetry protocol, "OTLP/HTTP Request". */
    String PATH = "/v1/traces";

    /** Source: OpenTelemetry protocol exporter, configuration options. */
    String TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

    /** As {@link #TRACES_ENDPOINT}, and without the path of one kind of data. */
    String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /** {@code name=value,name=value}, each encoded as in URLs. */
    String HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";

    /**
     * {@return where they go under this configuration}
     *
     * @param environment variables by name; the configuration comes before them
     */
    static TraceTarget of(RuntimeConfig runtime, Function<String, Optional<String>> environment) {
        Settings<RuntimeFields> settings = runtime.settings();
        if (!settings.get(RuntimeFields.TRACE)) {
            return new Off();
        }
        String configured = settings.get(RuntimeFields.JAEGER_ENDPOINT);
        if (!configured.isEmpty()) {
            return collector("jaeger_endpoint", configured, false, headers(settings, environment));
        }
        Optional<String> traces = environment.apply(TRACES_ENDPOINT);
        if (traces.isPresent()) {
            return collector(TRACES_ENDPOINT, traces.get(), true, headers(settings, environment));
        }
        Optional<String> all = environment.apply(ENDPOINT);
        if (all.isPresent()) {
            return collector(
                    ENDPOINT, withoutSlash(all.get()) + PATH, true, headers(settings, environment));
        }
        return new Nowhere(
                Problem.warning(
                        new Location.Argument("enable_tracing"),
                        "enable_tracing has no effect",
                        "nothing says where traces go",
                        "set jaeger_endpoint, or the variable " + ENDPOINT));
    }

    private static TraceTarget collector(
            String name, String text, boolean exact, Map<String, String> headers) {
        try {
            URI url = new URI(text);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (!http || url.getHost() == null) {
                return unusable(name, text, "it is no URL that begins with http:// or https://");
            }
            if (!exact && withoutSlash(url.getPath()).isEmpty()) {
                return new Collector(url.resolve(PATH), headers);
            }
            if (withoutSlash(url.getPath()).equals("/api/traces")) {
                return unusable(
                        name,
                        text,
                        "that is where Jaeger takes Thrift, and traces are sent by OpenTelemetry's protocol");
            }
            return new Collector(url, headers);
        } catch (URISyntaxException malformed) {
            return unusable(name, text, String.valueOf(malformed.getReason()));
        }
    }

    private static TraceTarget unusable(String name, String text, String why) {
        return new Nowhere(
                Problem.warning(
                        new Location.Argument(name),
                        "no traces are sent: " + name + " is \"" + text + "\"",
                        why,
                        "name a receiver of OTLP over HTTP, such as http://HOST:4318"));
    }

    private static String withoutSlash(String text) {
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    private static Map<String, String> headers(
            Settings<RuntimeFields> settings, Function<String, Optional<String>> environment) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String pair : environment.apply(HEADERS).orElse("").split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                headers.put(
                        pair.substring(0, equals).strip(),
                        decoded(pair.substring(equals + 1).strip()));
            }
        }
        String user = settings.get(RuntimeFields.JAEGER_USER);
        if (!user.isEmpty()) {
            String both = user + ":" + settings.get(RuntimeFields.JAEGER_PASSWORD);
            headers.put(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString(both.getBytes(StandardCharsets.UTF_8)));
        }
        return headers;
    }

    /** What is not encoded as it should be is meant as it stands. */
    private static String decoded(String value) {
        try {
            // Here, unlike in forms, a plus is a plus.
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return value;
        }
    }
}
