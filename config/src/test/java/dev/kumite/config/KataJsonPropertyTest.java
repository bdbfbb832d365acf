package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.Uint64;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** Reading what was printed gives the same value. */
class KataJsonPropertyTest {

    private static final int TRIES = 1000;

    /** Change it to repeat a run: {@code -Dkumite.seed=N}. */
    private static final long SEED = Long.getLong("kumite.seed", System.nanoTime());

    private static final List<String> TEXTS =
            List.of(
                    "",
                    " ",
                    "a",
                    "a=b",
                    "\"\\/",
                    "\u0000\u001b\n\t",
                    "\u00e4\u2028",
                    "\ud83d\ude00");

    private static final List<Long> NUMBERS =
            List.of(0L, 1L, -1L, 0xFFFF_FFFFL, 1L << 53, Long.MAX_VALUE, Long.MIN_VALUE);

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);

    @Test
    void everyFieldOfAPlanIsReadAsItWas() {
        SandboxConfig planned =
                TestRuntime.plan(TestRuntime.open(), TestRuntime.annotated("a", "b"))
                        .value()
                        .orElseThrow();
        for (int i = 0; i < TRIES; i++) {
            SandboxConfig sandbox =
                    new SandboxConfig(
                            any(SandboxFields.SCHEMA),
                            any(HypervisorConfig.SCHEMA),
                            any(AgentConfig.SCHEMA),
                            any(NetworkConfig.SCHEMA),
                            any(SandboxResources.SCHEMA),
                            planned.containers(),
                            Map.of(text(), text()));

            Map<String, Object> read =
                    object(
                            JsonRead.object(
                                            KataJson.of(
                                                    new Plan.NewSandbox(
                                                            ContainerType.SINGLE_CONTAINER,
                                                            sandbox)))
                                    .get("Sandbox"));

            String seed = "seed " + SEED + ", try " + i;
            assertThat(settings(sandbox.settings().schema(), read))
                    .as(seed)
                    .isEqualTo(sandbox.settings());
            assertSection(seed, sandbox.hypervisorConfig(), read.get("HypervisorConfig"));
            assertSection(seed, sandbox.agentConfig(), read.get("AgentConfig"));
            assertSection(seed, sandbox.networkConfig(), read.get("NetworkConfig"));
            assertSection(seed, sandbox.sandboxResources(), read.get("SandboxResources"));
            assertThat(read.get("Annotations")).as(seed).isEqualTo(sandbox.annotations());
        }
    }

    private static <S> void assertSection(String seed, Settings<S> written, Object json) {
        Map<String, Object> members = object(json);

        assertThat(settings(written.schema(), members)).as(seed).isEqualTo(written);
        assertThat(written.schema().fields().stream().map(Field::name).toList())
                .as(seed)
                .containsAll(members.keySet());
    }

    private <S> Settings<S> any(Schema<S> schema) {
        Settings.Builder<S> settings = Settings.builder(schema);
        for (Field<S, ?> field : schema.fields()) {
            set(settings, field, any(field.kind()));
        }
        return settings.build();
    }

    private static <S> Settings<S> settings(Schema<S> schema, Map<String, Object> members) {
        Settings.Builder<S> settings = Settings.builder(schema);
        for (Field<S, ?> field : schema.fields()) {
            Object member = members.get(field.name());
            if (member != null) {
                set(settings, field, read(field.kind(), member));
            }
        }
        return settings.build();
    }

    @SuppressWarnings("unchecked") // the field's kind says what its values are
    private static <S> void set(Settings.Builder<S> settings, Field<S, ?> field, Object value) {
        settings.set((Field<S, Object>) field, value, Origin.DEFAULT);
    }

    private Object any(Field.Kind kind) {
        return switch (kind) {
            case STRING -> text();
            case BOOL -> random.nextBoolean();
            case UINT32 -> number() & 0xFFFF_FFFFL;
            case INT64 -> number();
            case UINT64 -> Uint64.of(number());
            case STRINGS -> list(this::text);
            case UINT32S -> list(() -> number() & 0xFFFF_FFFFL);
            case PARAMS -> list(() -> new Param(text(), text()));
            case FEATURES -> list(() -> new Feature(text(), text(), text()));
            case INTERWORKING_MODEL -> pick(List.of(InterworkingModel.values()));
            case VFIO_MODE -> pick(List.of(VfioMode.values()));
        };
    }

    private static Object read(Field.Kind kind, Object json) {
        return switch (kind) {
            case STRING, BOOL -> json;
            case UINT32, INT64 -> ((BigInteger) json).longValueExact();
            case UINT64 -> Uint64.of(Long.parseUnsignedLong(json.toString()));
            case STRINGS -> json;
            case UINT32S -> list(json, number -> ((BigInteger) number).longValueExact());
            case PARAMS ->
                    list(json, param -> new Param(member(param, "Key"), member(param, "Value")));
            case FEATURES ->
                    list(
                            json,
                            feature ->
                                    new Feature(
                                            member(feature, "Name"),
                                            member(feature, "Description"),
                                            member(feature, "ExpRelease")));
            case INTERWORKING_MODEL ->
                    List.of(InterworkingModel.values()).stream()
                            .filter(model -> model.number() == ((BigInteger) json).intValueExact())
                            .findFirst()
                            .orElseThrow();
            case VFIO_MODE ->
                    List.of(VfioMode.values()).stream()
                            .filter(mode -> mode.number() == ((BigInteger) json).intValueExact())
                            .findFirst()
                            .orElseThrow();
        };
    }

    private static String member(Object object, String name) {
        return (String) object(object).getOrDefault(name, "");
    }

    private static List<Object> list(Object json, Function<Object, Object> element) {
        return ((List<?>) json).stream().map(one -> element.apply(one)).toList();
    }

    private <T> List<T> list(Supplier<T> element) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(element.get());
        }
        return list;
    }

    private String text() {
        return pick(TEXTS) + pick(TEXTS);
    }

    private long number() {
        return random.nextBoolean() ? pick(NUMBERS) : random.nextLong();
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    @SuppressWarnings("unchecked") // the names of members are texts
    private static Map<String, Object> object(Object json) {
        return (Map<String, Object>) json;
    }
}
