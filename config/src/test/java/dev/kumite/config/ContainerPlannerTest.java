package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.Outcome;
import dev.kumite.oci.Spec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerPlannerTest {

    @Test
    void takesProcessAndUserFromTheSpecification() {
        ContainerConfig.Cmd cmd =
                planned(
                                "{\"process\":{\"args\":[\"a\",\"b\"],\"cwd\":\"/w\",\"terminal\":true,\"noNewPrivileges\":true,"
                                        + "\"user\":{\"uid\":4294967295,\"gid\":7,\"additionalGids\":[1,2]}},"
                                        + "\"root\":{\"path\":\"r\",\"readonly\":true},\"linux\":{}}")
                        .cmd();

        assertThat(cmd.args()).containsExactly("a", "b");
        assertThat(cmd.user()).isEqualTo("4294967295");
        assertThat(cmd.primaryGroup()).isEqualTo("7");
        assertThat(cmd.supplementaryGroups()).containsExactly("1", "2");
        assertThat(cmd.interactive()).isTrue();
        assertThat(cmd.noNewPrivileges()).isTrue();
    }

    @Test
    void keepsTheWholeValueOfAVariable() {
        assertThat(
                        planned(
                                        "{\"process\":{\"env\":[\"A=1=2\",\"B=\",\"=x\"]},\"root\":{},\"linux\":{}}")
                                .cmd()
                                .envs())
                .containsExactly(
                        new ContainerConfig.EnvVar("A", "1=2"),
                        new ContainerConfig.EnvVar("B", ""),
                        new ContainerConfig.EnvVar("", "x"));
    }

    @Test
    void leavesOutVariablesWithoutValueWithAWarning() {
        Outcome<ContainerConfig> outcome =
                plan("{\"process\":{\"env\":[\"A\"]},\"root\":{},\"linux\":{}}");

        assertThat(outcome.value().orElseThrow().cmd().envs()).isEmpty();
        assertThat(TestRuntime.text(outcome)).contains("/process/env/0 has no \"=\"");
    }

    @ParameterizedTest
    @CsvSource({"rootfs, /bundle/rootfs", "/abs/../x, /abs/../x", "../../etc, /etc", "'', /bundle"})
    void findsTheRootFileSystem(String path, String target) {
        assertThat(
                        planned(
                                        "{\"process\":{},\"root\":{\"path\":\""
                                                + path
                                                + "\"},\"linux\":{}}")
                                .rootFs()
                                .target())
                .isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({"none, bind", "'', rbind", "tmpfs, bind"})
    void makesBindMountsOfWhatTheOptionsSay(String type, String option) {
        assertThat(mount(type, option).type()).isEqualTo("bind");
    }

    @ParameterizedTest
    @CsvSource({"ephemeral, bind", "local, rbind", "proc, nosuid"})
    void leavesOtherTypesAsTheyAre(String type, String option) {
        assertThat(mount(type, option).type()).isEqualTo(type);
    }

    @Test
    void isReadOnlyByTheExactOptionOnly() {
        assertThat(mount("bind", "ro").readOnly()).isTrue();
        assertThat(mount("bind", "rro").readOnly()).isFalse();
        assertThat(mount("bind", "RO").readOnly()).isFalse();
    }

    @Test
    void addsTwoAnnotationsAndReplacesGivenOnes() {
        Spec spec = TestRuntime.annotated("a", "1", AnnotationTable.BUNDLE_PATH, "/evil");

        ContainerConfig container =
                ContainerPlanner.plan(spec, TestRuntime.REQUEST).value().orElseThrow();

        assertThat(container.annotations())
                .containsEntry("a", "1")
                .containsEntry(AnnotationTable.BUNDLE_PATH, "/bundle")
                .containsEntry(AnnotationTable.CONTAINER_TYPE, "single_container");
        assertThat(spec.annotations()).containsEntry(AnnotationTable.BUNDLE_PATH, "/evil");
    }

    @Test
    void refusesEveryBadDevice() {
        Outcome<ContainerConfig> outcome =
                plan(
                        "{\"process\":{},\"root\":{},\"linux\":{\"devices\":["
                                + "{\"type\":\"x\",\"path\":\"/a\"},{\"type\":\"c\"},{\"type\":\"b\",\"path\":\"/ok\"}]}}");

        assertThat(outcome.errors()).hasSize(2);
        assertThat(TestRuntime.text(outcome))
                .contains(
                        "/linux/devices/0/type is \"x\", for the device \"/a\"",
                        "/linux/devices/1/path is empty");
    }

    @Test
    void namesEveryMissingSection() {
        Spec spec = dev.kumite.oci.SpecReader.readPlain("{}", "config.json").value().orElseThrow();

        Outcome<ContainerConfig> outcome = ContainerPlanner.plan(spec, TestRuntime.REQUEST);

        assertThat(outcome.errors()).hasSize(3);
        assertThat(TestRuntime.text(outcome)).contains("no linux", "no process", "no root");
    }

    @Test
    void plansWithoutResourcesAndDevices() {
        assertThat(planned("{\"process\":{},\"root\":{},\"linux\":{}}").deviceInfos())
                .isEqualTo(List.of());
    }

    private static ContainerConfig.Mount mount(String type, String option) {
        return planned(
                        "{\"process\":{},\"root\":{},\"linux\":{},\"mounts\":[{\"destination\":\"/d\",\"type\":\""
                                + type
                                + "\",\"source\":\"/s\",\"options\":[\""
                                + option
                                + "\"]}]}")
                .mounts()
                .getFirst();
    }

    private static ContainerConfig planned(String json) {
        return plan(json).orElseThrow(problems -> new IllegalStateException(problems.toString()));
    }

    private static Outcome<ContainerConfig> plan(String json) {
        return ContainerPlanner.plan(TestRuntime.read(json), TestRuntime.REQUEST);
    }
}
