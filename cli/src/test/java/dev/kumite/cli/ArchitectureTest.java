package dev.kumite.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What no compiler checks, since all modules share one class path. Lives here because only this
 * module sees all the others.
 */
final class ArchitectureTest {

    private static final String OCI = "dev.kumite.oci..";
    private static final String CONFIG = "dev.kumite.config..";

    /** What each module may know of the others; the table of docs/architecture.md. */
    private static final Map<String, Set<String>> MAY_IMPORT =
            Map.ofEntries(
                    Map.entry("oci", Set.of()),
                    Map.entry("config", Set.of("oci")),
                    Map.entry("linux", Set.of()),
                    Map.entry("vsockdevice", Set.of("linux")),
                    Map.entry("ttrpc", Set.of()),
                    Map.entry("agentprotocol", Set.of("ttrpc")),
                    Map.entry("guestagent", Set.of("oci", "linux", "ttrpc", "agentprotocol")),
                    Map.entry("guestimage", Set.of()),
                    Map.entry("vmm", Set.of("oci", "config", "linux", "vsockdevice")),
                    Map.entry(
                            "engine",
                            Set.of("oci", "config", "vmm", "linux", "ttrpc", "agentprotocol")),
                    Map.entry("doors", Set.of("oci", "config", "linux", "engine")),
                    Map.entry("shim", Set.of("oci", "linux", "ttrpc", "engine", "doors")),
                    Map.entry("supervisor", Set.of("oci", "linux", "engine", "doors", "shim")),
                    Map.entry(
                            "cli",
                            Set.of("oci", "config", "linux", "vmm", "engine", "guestimage")));

    private static final JavaClasses KUMITE =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.kumite");

    /** {@return the modules, as the names of their packages} */
    static Stream<String> modules() {
        return MAY_IMPORT.keySet().stream().sorted();
    }

    @Nested
    final class Direction {

        @ParameterizedTest
        @MethodSource("dev.kumite.cli.ArchitectureTest#modules")
        void pointsDown(String module) {
            String[] others =
                    MAY_IMPORT.keySet().stream()
                            .filter(other -> !other.equals(module))
                            .filter(other -> !MAY_IMPORT.get(module).contains(other))
                            .map(other -> "dev.kumite." + other + "..")
                            .toArray(String[]::new);

            noClasses()
                    .that()
                    .resideInAPackage("dev.kumite." + module + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .allowEmptyShould(true)
                    .check(KUMITE);
        }

        @Test
        void namesEveryModule() {
            Set<String> present =
                    KUMITE.stream()
                            .map(type -> type.getPackageName().split("\\.", -1)[2])
                            // Only tests use it.
                            .filter(module -> !module.equals("vectors"))
                            .collect(toSet());

            assertThat(MAY_IMPORT.keySet()).containsAll(present);
        }

        @Test
        void onlyLinuxCallsNativeCode() {
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.kumite.linux..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("java.lang.foreign..")
                    .orShould()
                    .accessTargetWhere(
                            isCallOf(System.class, "load", "loadLibrary")
                                    .or(isCallOf(Runtime.class, "load", "loadLibrary")))
                    .check(KUMITE);
        }

        @Test
        void packagesFormNoCycles() {
            slices().matching("dev.kumite.(**)").should().beFreeOfCycles().check(KUMITE);
        }
    }

    @Nested
    final class PureCore {

        @Test
        void touchesNoFilesSocketsOrProcesses() {
            noClasses()
                    .that(areInTheCore())
                    .should()
                    .dependOnClassesThat(reachOutside())
                    .check(KUMITE);
        }

        @Test
        void readsNoClockEnvironmentOrSystemProperty() {
            noClasses()
                    .that(areInTheCore())
                    .should()
                    .accessTargetWhere(readsTheSurroundings())
                    .check(KUMITE);
        }

        @Test
        void matchesInLinearTime() {
            // Patterns come from files, and texts from annotations that anybody may write.
            noClasses()
                    .that()
                    .resideInAPackage(CONFIG)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("java.util.regex")
                    .orShould()
                    .accessTargetWhere(
                            isCallOf(String.class, "matches", "replaceAll", "replaceFirst"))
                    .check(KUMITE);
        }
    }

    @Nested
    final class Api {

        @Test
        void showsNoTypeOfALibrary() {
            classes()
                    .that()
                    .resideInAnyPackage(
                            OCI,
                            CONFIG,
                            "dev.kumite.linux..",
                            "dev.kumite.vmm..",
                            "dev.kumite.engine..",
                            "dev.kumite.doors..",
                            "dev.kumite.supervisor..",
                            "dev.kumite.guestimage..")
                    .and(arePublicWithAllThatEnclosesThem())
                    .should(haveOnlyOwnAndJdkTypesInTheirSignatures())
                    .check(KUMITE);
        }
    }

    /** All of oci and config but the one class that is there to look at the real host. */
    private static DescribedPredicate<JavaClass> areInTheCore() {
        return describe(
                "are in the core",
                type ->
                        Stream.of("dev.kumite.oci", "dev.kumite.config")
                                        .anyMatch(core ->
                                                (type.getPackageName() + ".")
                                                        .startsWith(core + "."))
                                && !outermost(type).getSimpleName().endsWith("SystemHost"));
    }

    private static DescribedPredicate<JavaClass> reachOutside() {
        Set<String> names =
                Set.of(
                        "java.io.Console",
                        "java.io.File",
                        "java.io.FileDescriptor",
                        "java.io.FileInputStream",
                        "java.io.FileOutputStream",
                        "java.io.FileReader",
                        "java.io.FileWriter",
                        "java.io.RandomAccessFile",
                        "java.lang.Process",
                        "java.lang.ProcessBuilder",
                        "java.lang.ProcessHandle",
                        "java.lang.Runtime",
                        "java.nio.file.FileSystem",
                        "java.nio.file.FileSystems",
                        "java.nio.file.Files",
                        "java.time.Clock",
                        "java.util.TimeZone");
        return describe(
                "reach outside",
                type ->
                        names.contains(type.getName())
                                || type.getPackageName().startsWith("java.nio.channels")
                                || type.getPackageName().startsWith("java.lang.foreign")
                                || (type.getPackageName().equals("java.net")
                                        && !type.getSimpleName().startsWith("URI")));
    }

    private static DescribedPredicate<JavaAccess<?>> readsTheSurroundings() {
        return isCallOf(
                        System.class,
                        "getenv",
                        "getProperty",
                        "getProperties",
                        "currentTimeMillis",
                        "nanoTime",
                        "in",
                        "out",
                        "err",
                        "exit")
                .or(isCallOf(Boolean.class, "getBoolean"))
                .or(isCallOf(Integer.class, "getInteger"))
                .or(isCallOf(Long.class, "getLong"))
                .or(isCallOf(java.time.Instant.class, "now"))
                .or(isCallOf(java.nio.file.Path.class, "toRealPath", "toAbsolutePath", "toFile"))
                .as("reads the surroundings");
    }

    private static DescribedPredicate<JavaAccess<?>> isCallOf(Class<?> owner, String... names) {
        Set<String> wanted = Set.of(names);
        return describe(
                "uses " + owner.getSimpleName() + "." + wanted,
                access -> {
                    AccessTarget target = access.getTarget();
                    return target.getOwner().isEquivalentTo(owner)
                            && wanted.contains(target.getName());
                });
    }

    private static DescribedPredicate<JavaClass> arePublicWithAllThatEnclosesThem() {
        return describe(
                "are public with all that encloses them",
                type ->
                        Stream.iterate(
                                        java.util.Optional.of(type),
                                        java.util.Optional::isPresent,
                                        each -> each.flatMap(JavaClass::getEnclosingClass))
                                .allMatch(each ->
                                        each.orElseThrow()
                                                .getModifiers()
                                                .contains(JavaModifier.PUBLIC)));
    }

    private static ArchCondition<JavaClass> haveOnlyOwnAndJdkTypesInTheirSignatures() {
        return new ArchCondition<>("have only own and JDK types in their signatures") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getMembers().stream()
                        .filter(ArchitectureTest::isExported)
                        .forEach(member -> checkMember(member, events));
            }
        };
    }

    private static void checkMember(JavaMember member, ConditionEvents events) {
        Set<String> foreign =
                typesOf(member)
                        .map(JavaClass::getBaseComponentType)
                        .filter(type -> !type.isPrimitive())
                        .map(JavaClass::getName)
                        .filter(name -> !name.startsWith("java.") && !name.startsWith("dev.kumite"))
                        .collect(toSet());
        if (!foreign.isEmpty()) {
            events.add(
                    SimpleConditionEvent.violated(
                            member, member.getFullName() + " shows " + foreign));
        }
    }

    private static Stream<JavaClass> typesOf(JavaMember member) {
        return switch (member) {
            case JavaField field -> field.getType().getAllInvolvedRawTypes().stream();
            case JavaCodeUnit unit ->
                    Stream.of(
                                    unit.getReturnType().getAllInvolvedRawTypes().stream(),
                                    unit.getParameterTypes().stream()
                                            .flatMap(
                                                    type -> type.getAllInvolvedRawTypes().stream()),
                                    unit.getExceptionTypes().stream())
                            .flatMap(types -> types);
            default -> Stream.empty();
        };
    }

    private static boolean isExported(JavaMember member) {
        return member.getModifiers().contains(JavaModifier.PUBLIC)
                || member.getModifiers().contains(JavaModifier.PROTECTED);
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
    }
}
