package dev.kumite.config;

import dev.kumite.oci.Location;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Resources;
import dev.kumite.oci.Spec;
import dev.kumite.oci.Uint64;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a workload asks for, in whole CPUs and MiB.
 *
 * <p>Source: Kata Containers, Go runtime, {@code oci.CalculateSandboxSizing} and {@code
 * CalculateContainerSizing}.
 *
 * @param cpus 0 to 4294967295; 0 if nothing is asked for
 * @param cpuOrigin where that number comes from
 * @param memoryMib 0 to 4294967295; 0 if nothing is asked for
 * @param memoryOrigin where that number comes from
 */
public record Sizing(long cpus, Origin cpuOrigin, long memoryMib, Origin memoryOrigin) {

    /** Nothing is asked for. */
    public static final Sizing NONE = of(0, 0, new Origin.BuiltIn("the workload asks for nothing"));

    private static final String PERIOD = AnnotationTable.SANDBOX_CPU_PERIOD;
    private static final String QUOTA = AnnotationTable.SANDBOX_CPU_QUOTA;
    private static final String MEMORY = AnnotationTable.SANDBOX_MEMORY;

    private static final long UINT32 = 0xFFFF_FFFFL;

    /** {@return what a whole pod asks for, by the annotations of its sandbox} */
    public static Outcome<Sizing> ofPod(Spec spec) {
        Map<String, String> annotations = spec.annotations();
        boolean asked =
                annotations.containsKey(PERIOD)
                        || annotations.containsKey(QUOTA)
                        || annotations.containsKey(MEMORY);
        if (!asked) {
            return Outcome.of(NONE, List.of());
        }
        List<Problem> problems = new ArrayList<>();
        Uint64 period = number(annotations, PERIOD, GoText::parseUint64, Uint64.ZERO, problems);
        long quota = number(annotations, QUOTA, Sizing::boxed, 0L, problems);
        long memory = number(annotations, MEMORY, Sizing::boxed, 0L, problems);
        // Differs from kata: the numbers are read in 64 bits; beyond 32 the original took them for
        // 0
        boolean wide =
                quota > Integer.MAX_VALUE || period.bits() < 0 || period.bits() > Integer.MAX_VALUE;
        long cpus = wide ? wideCpus(quota, period) : cpus(quota, period);
        if (cpus > UINT32) {
            problems.add(tooLarge(QUOTA, annotations.getOrDefault(QUOTA, ""), "CPUs"));
        }
        if (memory >> 20 > UINT32) {
            problems.add(tooLarge(MEMORY, annotations.getOrDefault(MEMORY, ""), "MiB"));
        }
        return Outcome.of(
                new Sizing(
                        cpus,
                        given("size of the pod", annotations, QUOTA, PERIOD),
                        mib(memory),
                        given("size of the pod", annotations, MEMORY)),
                problems);
    }

    /** {@return a size that was given as such} */
    public static Sizing of(long cpus, long memoryMib, Origin origin) {
        return new Sizing(cpus, origin, memoryMib, origin);
    }

    private static Origin given(String rule, Map<String, String> annotations, String... keys) {
        List<Origin> from = new ArrayList<>(keys.length);
        for (String key : keys) {
            if (annotations.containsKey(key)) {
                from.add(new Origin.Annotation(key));
            }
        }
        return from.isEmpty() ? NONE.cpuOrigin() : new Origin.Rule(rule, from);
    }

    /** {@return what a container asks for, by its limits} */
    public static Sizing ofContainer(Spec spec) {
        Optional<Resources> resources = spec.linux().flatMap(linux -> linux.resources());
        if (resources.isEmpty()) {
            return NONE;
        }
        long cpus = 0;
        Origin cpuOrigin = NONE.cpuOrigin();
        Optional<Resources.Cpu> cpu = resources.get().cpu();
        if (cpu.isPresent() && cpu.get().quota().isPresent() && cpu.get().period().isPresent()) {
            cpus = cpus(cpu.get().quota().get(), cpu.get().period().get());
            cpuOrigin = limit("/linux/resources/cpu/quota");
        }
        Optional<Long> limit = resources.get().memory().flatMap(memory -> memory.limit());
        Origin memoryOrigin =
                limit.isPresent() ? limit("/linux/resources/memory/limit") : NONE.memoryOrigin();
        return new Sizing(cpus, cpuOrigin, mib(limit.orElse(0L)), memoryOrigin);
    }

    private static Origin limit(String pointer) {
        return new Origin.Rule("size of the container", List.of(new Origin.SpecPath(pointer)));
    }

    /**
     * CPUs for a quota in each period, rounded up. Every step wraps as in the original, which
     * counts in uint32.
     */
    private static long cpus(long quota, Uint64 period) {
        if (quota < 0 || period.bits() == 0) {
            return 0;
        }
        long milli = Long.divideUnsigned(quota * 1000, period.bits()) & UINT32;
        return ((milli + 999) & UINT32) / 1000;
    }

    /** The same without wrapping; capped above what a result can be. */
    private static long wideCpus(long quota, Uint64 period) {
        if (quota < 0 || period.bits() == 0) {
            return 0;
        }
        BigInteger milli =
                BigInteger.valueOf(quota)
                        .multiply(BigInteger.valueOf(1000))
                        .divide(new BigInteger(period.toString()));
        return milli.bitLength() > 62 ? Long.MAX_VALUE : (milli.longValueExact() + 999) / 1000;
    }

    private static long mib(long bytes) {
        return bytes < 0 ? 0 : (bytes >> 20) & UINT32;
    }

    private static Optional<Long> boxed(String text) {
        OptionalLong number = GoText.parseInt64(text);
        return number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
    }

    private static <T> T number(
            Map<String, String> annotations,
            String key,
            java.util.function.Function<String, Optional<T>> parser,
            T absent,
            List<Problem> problems) {
        String text = annotations.get(key);
        if (text == null) {
            return absent;
        }
        Optional<T> number = parser.apply(text);
        if (number.isEmpty()) {
            problems.add(
                    Problem.warning(
                            new Location.Annotation(key),
                            "\"" + text + "\" is not a number of 64 bits",
                            "the virtual machine is sized as if nothing was asked for",
                            "the container manager must set it to a plain decimal number"));
        }
        return number.orElse(absent);
    }

    private static Problem tooLarge(String key, String text, String unit) {
        return Problem.error(
                new Location.Annotation(key),
                "\"" + text + "\" asks for more than 4294967295 " + unit,
                "no virtual machine can be that large",
                "correct the limits of the pod");
    }
}
