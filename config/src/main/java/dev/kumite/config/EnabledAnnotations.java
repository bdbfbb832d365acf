package dev.kumite.config;

import com.google.re2j.Pattern;
import dev.kumite.oci.Location;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which annotations are read: the patterns of {@code enable_annotations}, ready for matching.
 * Thread-safe.
 *
 * <p>Source: Kata Containers, Go runtime, {@code checkAnnotationNameIsValid}; pattern syntax of
 * RE2.
 */
public final class EnabledAnnotations {

    /**
     * Most names whose verdict is remembered: all names that mean something, and some that do not.
     */
    private static final int MAX_REMEMBERED = 1024;

    /**
     * Largest size of all programs together, in instructions, roughly; those of patterns that name
     * every annotation have less than 10,000. A pattern that goes beyond it admits nothing.
     */
    private static final long MAX_PROGRAMS = 100_000;

    private final List<String> patterns;
    private final AnnotationPolicy policy;
    private final Location governedBy;
    private final Map<String, Pattern> compiled = new LinkedHashMap<>();
    private final List<String> invalid = new ArrayList<>();
    private final boolean exceedsBound;
    private final ConcurrentHashMap<String, Boolean> verdicts = new ConcurrentHashMap<>();

    private EnabledAnnotations(
            List<String> patterns, AnnotationPolicy policy, Location governedBy) {
        this.patterns = List.copyOf(patterns);
        this.policy = policy;
        this.governedBy = governedBy;
        long total = 0;
        boolean tooMuch = false;
        for (String pattern : patterns) {
            if (compiled.containsKey(pattern)) {
                continue;
            }
            Optional<Re2Syntax.Sized> sized =
                    total > MAX_PROGRAMS ? Optional.empty() : Re2Syntax.sized(pattern);
            total += sized.map(Re2Syntax.Sized::size).orElse(0L);
            if (sized.isPresent() && total <= MAX_PROGRAMS) {
                compiled.put(pattern, sized.get().pattern());
            } else {
                invalid.add(pattern);
                tooMuch = tooMuch || total > MAX_PROGRAMS;
            }
        }
        exceedsBound = tooMuch;
    }

    /**
     * {@return the gate made of these patterns}
     *
     * @param patterns in RE2 syntax; one that is not matches nothing
     * @param policy how they are matched
     * @param governedBy the line of the configuration that has them, or would have them
     */
    public static EnabledAnnotations of(
            List<String> patterns, AnnotationPolicy policy, Location governedBy) {
        return new EnabledAnnotations(patterns, policy, governedBy);
    }

    /** {@return the patterns as configured} */
    public List<String> patterns() {
        return patterns;
    }

    /** {@return the patterns that are no valid RE2 and so match nothing} */
    public List<String> invalidPatterns() {
        return List.copyOf(invalid);
    }

    /** {@return whether the one pattern of these can be matched at all} */
    boolean isValid(String pattern) {
        return compiled.containsKey(pattern);
    }

    /** {@return whether all patterns together are larger than what is compiled} */
    boolean exceedsBound() {
        return exceedsBound;
    }

    /** {@return how patterns are matched} */
    public AnnotationPolicy policy() {
        return policy;
    }

    /** {@return the line of the configuration that governs this} */
    public Location governedBy() {
        return governedBy;
    }

    /**
     * {@return whether some pattern admits the name}
     *
     * @param name of an annotation, without the prefix that all hypervisor annotations share; with
     *     {@code agent.} or {@code runtime.} before it for those
     */
    public boolean admits(String name) {
        Boolean known = verdicts.get(name);
        if (known != null) {
            return known;
        }
        boolean verdict = false;
        for (Pattern pattern : compiled.values()) {
            if (matches(pattern, name)) {
                verdict = true;
                break;
            }
        }
        if (verdicts.size() < MAX_REMEMBERED) {
            verdicts.put(name, verdict);
        }
        return verdict;
    }

    /** {@return whether the one pattern admits the name, under this policy} */
    boolean admits(String pattern, String name) {
        Pattern valid = compiled.get(pattern);
        return valid != null && matches(valid, name);
    }

    private boolean matches(Pattern pattern, String name) {
        return switch (policy) {
            case KATA -> pattern.matcher(name).find();
            case STRICT -> pattern.matches(name);
        };
    }
}
