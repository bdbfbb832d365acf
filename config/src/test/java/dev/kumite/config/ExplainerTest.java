package dev.kumite.config;

import static dev.kumite.config.Explained.LIMITS;
import static dev.kumite.config.Explained.entry;
import static dev.kumite.config.Explained.explain;
import static dev.kumite.config.Explained.section;
import static dev.kumite.config.Explained.setting;
import static dev.kumite.config.Explained.value;
import static dev.kumite.config.Explained.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.config.Explanation.Entry;
import dev.kumite.config.Explanation.Verdict;
import dev.kumite.oci.Spec;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ExplainerTest {

    @Nested
    class Summary {

        @Test
        void tellsOfAMachineOfItsOwn() {
            Explanation explanation = explain(TestRuntime.spec(""));

            assertThat(explanation.summary().verdict()).isEqualTo(Verdict.NEW_SANDBOX);
            assertThat(explanation.summary().headline())
                    .isEqualTo("c1: a virtual machine of its own");
            assertThat(explanation.summary().text())
                    .contains("QEMU starts a virtual machine with 1 vCPU and 2048 MiB")
                    .contains("shared by virtio-9p");
        }

        @Test
        void tellsOfAPodAndWhoWillJoin() {
            Explanation explanation =
                    explain(TestRuntime.annotated("io.kubernetes.cri.container-type", "sandbox"));

            assertThat(explanation.summary().headline())
                    .isEqualTo("c1: a virtual machine for a pod");
            assertThat(explanation.summary().text()).contains("other containers will join");
        }

        @Test
        void tellsWhichMachineIsJoined() {
            Explanation explanation =
                    explain(
                            TestRuntime.annotated(
                                    "io.kubernetes.cri.container-type", "container",
                                    "io.kubernetes.cri.sandbox-id",
                                            "776c660846d53bd35832574b614782b1"));

            assertThat(explanation.summary().verdict()).isEqualTo(Verdict.JOIN_SANDBOX);
            assertThat(explanation.summary().headline()).endsWith("of pod 776c660846d5");
            assertThat(explanation.overhead().figures()).isEmpty();
        }
    }

    @Nested
    class Size {

        @Test
        void growsByTheLimitsOfASingleContainer() {
            Explanation explanation = explain(TestRuntime.spec(LIMITS));

            assertThat(section(explanation, "CPU and memory").lead())
                    .contains("2 vCPUs and 2112 MiB in the end");
            assertThat(entry(explanation, "CPU and memory", "WorkloadCPUs").note())
                    .isEqualTo(
                            "a quota of 50000 \u00b5s in 100000 \u00b5s, rounded up to whole CPUs");
            assertThat(explanation.summary().text()).contains("grows to 2 vCPUs and 2112 MiB");
        }

        @Test
        void isMadeLargeEnoughAtOnceUnderStaticSizing() {
            Explanation explanation =
                    explain(
                            setting(RuntimeFields.STATIC_SANDBOX_RESOURCE_MGMT),
                            TestRuntime.spec(LIMITS));

            assertThat(section(explanation, "CPU and memory").lead())
                    .contains("Nothing is plugged in later");
            assertThat(entry(explanation, "CPU and memory", "NumVCPUs").value())
                    .isEqualTo("2 vCPUs");
            assertThat(entry(explanation, "CPU and memory", "BaseMemMB").value())
                    .isEqualTo("2048 MiB");
            assertThat(explanation.summary().text())
                    .contains("2 vCPUs and 2112 MiB")
                    .doesNotContain("grows");
        }

        @Test
        void staysWhereNothingIsAskedFor() {
            assertThat(section(explain(TestRuntime.spec("")), "CPU and memory").lead())
                    .contains("no limit of CPU time or memory");
        }

        @Test
        void growsNoFurtherThanTheMostVcpus() {
            RuntimeConfig runtime =
                    with(
                            TestRuntime.hypervisor()
                                    .set(HypervisorConfig.DEFAULT_MAX_VCPUS, 2L, Origin.DEFAULT));
            Spec spec =
                    TestRuntime.spec(
                            "\"linux\":{\"resources\":{\"cpu\":{\"quota\":800000,\"period\":100000}}}");

            assertThat(section(explain(runtime, spec), "CPU and memory").lead())
                    .contains("2 vCPUs and 2048 MiB in the end")
                    .contains("DefaultMaxVCPUs is the limit");
        }
    }

    @Nested
    class Boot {

        @Test
        void namesMissingFiles() {
            FakeHost host = new FakeHost().withFile("/kernel");
            RuntimeConfig runtime =
                    with(
                            TestRuntime.hypervisor()
                                    .set(HypervisorConfig.KERNEL_PATH, "/kernel", Origin.DEFAULT)
                                    .set(HypervisorConfig.INITRD_PATH, "/initrd", Origin.DEFAULT));

            Explanation explanation = explain(runtime, TestRuntime.spec(""), host);

            assertThat(entry(explanation, "Boot", "KernelPath").note()).isEmpty();
            assertThat(entry(explanation, "Boot", "InitrdPath").note())
                    .isEqualTo("there is no such file on this host");
            assertThat(section(explanation, "Boot").lead()).contains("is an initrd");
        }

        @Test
        void showsTheAssetThatAnAnnotationAsksFor() {
            Explanation explanation =
                    explain(
                            TestRuntime.annotated(
                                    AnnotationTable.HYPERVISOR + "image", "/pod.img"));

            assertThat(entry(explanation, "Boot", "ImagePath").value()).isEqualTo("/pod.img");
            assertThat(entry(explanation, "Boot", "ImagePath").note()).contains("no hash");
        }
    }

    @Nested
    class Files {

        private final Spec spec =
                TestRuntime.spec(
                        """
                        "mounts":[
                         {"destination":"/proc","type":"proc","source":"proc"},
                         {"destination":"/data","type":"bind","source":"/srv","options":["ro"]},
                         {"destination":"/dev/shm","type":"bind","source":"/dev/shm"},
                         {"destination":"/hostproc","type":"bind","source":"/proc/1"},
                         {"destination":"/disk","type":"bind","source":"/dev/sdb"}]\
                        """);

        @Test
        void tellHowEachMountReachesTheGuest() {
            Explanation explanation = explain(spec);

            assertThat(entry(explanation, "Files", "/").value())
                    .startsWith("shared from /bundle/rootfs");
            assertThat(entry(explanation, "Files", "/data").value())
                    .isEqualTo("shared from /srv, read-only");
            assertThat(entry(explanation, "Files", "/data").origin())
                    .isEqualTo(new Origin.SpecPath("/mounts/1"));
            assertThat(entry(explanation, "Files", "/dev/shm").value())
                    .isEqualTo("made in the guest, in its memory");
            assertThat(entry(explanation, "Files", "/hostproc").value())
                    .contains("the guest's own");
            assertThat(entry(explanation, "Files", "/disk").value())
                    .contains("a disk, attached by");
            assertThat(entry(explanation, "Files", "made in the guest").value()).isEqualTo("/proc");
        }

        @Test
        void tellOfEmptyDirsOfAPod() {
            String mounts =
                    "\"mounts\":[{\"destination\":\"/cache\",\"type\":\"bind\","
                            + "\"source\":\"/pods/x/volumes/kubernetes.io~empty-dir/cache\",\"options\":[\"rbind\"]}]";
            String annotations =
                    "\"annotations\":{\"io.kubernetes.cri.container-type\":\"container\","
                            + "\"io.kubernetes.cri.sandbox-id\":\"p\"}";

            Explanation explanation = explain(TestRuntime.spec(mounts + "," + annotations));

            assertThat(entry(explanation, "Files", "/cache").value())
                    .contains("an emptyDir, made in the guest");
        }
    }

    @Nested
    class DevicesAndNetwork {

        @Test
        void warnOfDisksOfTheHost() {
            Explanation explanation =
                    explain(
                            TestRuntime.spec(
                                    "\"linux\":{\"devices\":["
                                            + "{\"path\":\"/dev/sda\",\"type\":\"b\",\"major\":8,\"minor\":0},"
                                            + "{\"path\":\"/dev/fuse\",\"type\":\"c\",\"major\":10,\"minor\":229}]}"));

            assertThat(entry(explanation, "Devices", "block devices").note())
                    .contains("disks of the host");
            assertThat(entry(explanation, "Devices", "other devices").value())
                    .isEqualTo("/dev/fuse");
        }

        @Test
        void countManyDevices() {
            StringBuilder devices = new StringBuilder();
            for (int i = 0; i < 30; i++) {
                devices.append(i == 0 ? "" : ",")
                        .append("{\"path\":\"/dev/tty")
                        .append(i)
                        .append("\",\"type\":\"c\",\"major\":4,\"minor\":1}");
            }

            Explanation explanation =
                    explain(TestRuntime.spec("\"linux\":{\"devices\":[" + devices + "]}"));

            assertThat(entry(explanation, "Devices", "other devices").value())
                    .endsWith("/dev/tty9 and 20 more");
        }

        @Test
        void tellOfTheHostsNetwork() {
            assertThat(section(explain(TestRuntime.spec("")), "Network").lead())
                    .contains("which means the host's own");
        }

        @Test
        void tellOfAPreparedNamespaceAndTheModel() {
            Spec spec =
                    TestRuntime.spec(
                            "\"linux\":{\"namespaces\":[{\"type\":\"network\",\"path\":\"/run/netns/a\"}],"
                                    + "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\"}}");

            Explanation explanation = explain(spec);

            assertThat(section(explanation, "Network").lead())
                    .contains("prepared")
                    .contains("tc filters");
            assertThat(entry(explanation, "Network", "NetworkID").value())
                    .isEqualTo("/run/netns/a");
        }
    }

    @Nested
    class Security {

        private final Spec filtered =
                TestRuntime.spec(
                        "\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
                                + "{\"names\":[\"read\",\"write\"],\"action\":\"SCMP_ACT_ALLOW\"}]}}");

        @Test
        void tellsOfTheFilterInTheGuest() {
            Entry seccomp = entry(explain(filtered), "Security", "seccomp");

            assertThat(seccomp.value())
                    .isEqualTo("1 rule for 2 system calls, SCMP_ACT_ERRNO for all others");
            assertThat(seccomp.note()).isEqualTo("applied in the guest");
        }

        @Test
        void tellsWhoLeavesTheFilterOut() {
            Entry seccomp =
                    entry(
                            explain(setting(RuntimeFields.DISABLE_GUEST_SECCOMP), filtered),
                            "Security",
                            "seccomp");

            assertThat(seccomp.value()).startsWith("left out");
            assertThat(seccomp.origin()).isInstanceOf(Origin.Configuration.class);
        }

        @Test
        void tellsWhereHooksRun() {
            Explanation explanation =
                    explain(
                            TestRuntime.spec(
                                    """
                                    "hooks":{"prestart":[{"path":"/a"}],"poststop":[{"path":"/b"}],
                                      "startContainer":[{"path":"/c"}]}
                                    """));

            Entry ofHost = entry(explanation, "Security", "hooks");
            assertThat(ofHost.value()).isEqualTo("2 programs");
            assertThat(ofHost.note()).contains("on the host");
            Entry ofContainer = entry(explanation, "Security", "hooks of the container");
            assertThat(ofContainer.value()).isEqualTo("1 program");
            assertThat(ofContainer.note()).contains("in the container");
        }

        @Test
        void recognizesWhatLooksPrivileged() {
            StringBuilder names = new StringBuilder("\"CAP_SYS_ADMIN\"");
            for (int i = 0; i < 40; i++) {
                names.append(",\"CAP_").append(i).append('"');
            }
            Spec spec =
                    TestRuntime.read(
                            "{\"process\":{\"args\":[\"sh\"],\"cwd\":\"/\",\"capabilities\":{\"bounding\":["
                                    + names
                                    + "]}},\"root\":{\"path\":\"r\"},\"linux\":{}}");

            Explanation explanation = explain(spec);

            assertThat(section(explanation, "Security").lead())
                    .contains("looks like a privileged container");
            assertThat(entry(explanation, "Security", "Capabilities").value())
                    .isEqualTo("41 (bounding)");
        }
    }

    @Nested
    class Values {

        @Test
        void holdEverySettingThatIsNotZero() {
            Explanation explanation = explain(TestRuntime.spec(LIMITS));

            assertThat(value(explanation, "HypervisorConfig.MemorySize").value()).isEqualTo(2048L);
            assertThat(value(explanation, "SandboxResources.WorkloadMemMB").value()).isEqualTo(64L);
            assertThat(value(explanation, "ContainerConfig.Cmd.Args").value())
                    .isEqualTo(List.of("sh"));
            assertThat(value(explanation, "ContainerConfig.Cmd.Args").origin())
                    .isEqualTo(new Origin.SpecPath("/process/args"));
            assertThat(explanation.values())
                    .noneMatch(one -> one.field().equals("HypervisorConfig.IOMMU"));
        }

        @Test
        void keepSecretsFromReaders() {
            RuntimeConfig runtime = TestRuntime.open();
            RuntimeConfig traced =
                    TestRuntime.with(
                            runtime,
                            runtime.settings().toBuilder()
                                    .set(RuntimeFields.JAEGER_PASSWORD, "hunter2", Origin.DEFAULT)
                                    .build());
            Spec spec =
                    TestRuntime.read(
                            "{\"process\":{\"args\":[\"sh\"],\"cwd\":\"/\",\"env\":[\"BROKEN\","
                                    + "\"DB_PASSWORD=hunter2\",\"A=b=c\"]},\"root\":{\"path\":\"r\"},\"linux\":{}}");

            Explanation explanation = explain(traced, spec);

            assertThat(explanation.toString()).doesNotContain("hunter2");
            assertThat(value(explanation, "RuntimeConfig.JaegerPassword").value())
                    .isEqualTo(Explanation.MASK);
            assertThat(value(explanation, "ContainerConfig.Cmd.Envs[A]").value()).isEqualTo("b=c");
            assertThat(value(explanation, "ContainerConfig.Cmd.Envs[A]").origin())
                    .isEqualTo(new Origin.SpecPath("/process/env/2"));
        }
    }

    @Test
    void showsWhatWasSetAndIsNotPartOfTheStory() {
        Explanation explanation =
                explain(TestRuntime.annotated(AnnotationTable.HYPERVISOR + "enable_iommu", "true"));

        assertThat(entry(explanation, "Also set", "HypervisorConfig.IOMMU").value())
                .isEqualTo("on");
    }

    @Test
    void tellsWhatItCanOfASpecificationThatIsRefused() {
        Spec spec =
                TestRuntime.spec(
                        "\"annotations\":{\"io.kubernetes.cri.container-type\":\"container\"},"
                                + "\"linux\":{\"devices\":[{\"path\":\"\",\"type\":\"z\",\"major\":1,\"minor\":1}]}");

        Explanation explanation = explain(spec);

        assertThat(explanation.summary().verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(explanation.summary().text()).contains("(not named)");
        assertThat(explanation.problems()).hasSizeGreaterThan(2);
    }

    @Test
    void tellsWhatItCanWhereTheConfigurationIsWrong() {
        RuntimeConfig runtime =
                with(
                        TestRuntime.hypervisor()
                                .set(HypervisorConfig.SHARED_FS, "virtio-fs", Origin.DEFAULT));

        Explanation explanation = explain(runtime, TestRuntime.spec(LIMITS));

        assertThat(explanation.summary().verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(entry(explanation, "CPU and memory", "NumVCPUs").value()).isEqualTo("1 vCPU");
    }
}
