package dev.kumite.engine;

import com.google.protobuf.ByteString;
import dev.kumite.agentprotocol.messages.CreateContainerRequest;
import dev.kumite.agentprotocol.messages.CreateSandboxRequest;
import dev.kumite.agentprotocol.messages.DestroySandboxRequest;
import dev.kumite.agentprotocol.messages.KernelModule;
import dev.kumite.agentprotocol.messages.Linux;
import dev.kumite.agentprotocol.messages.LinuxNamespace;
import dev.kumite.agentprotocol.messages.Mount;
import dev.kumite.agentprotocol.messages.Process;
import dev.kumite.agentprotocol.messages.RemoveContainerRequest;
import dev.kumite.agentprotocol.messages.ReseedRandomDevRequest;
import dev.kumite.agentprotocol.messages.Root;
import dev.kumite.agentprotocol.messages.SetGuestDateTimeRequest;
import dev.kumite.agentprotocol.messages.Spec;
import dev.kumite.agentprotocol.messages.StartContainerRequest;
import dev.kumite.agentprotocol.messages.Storage;
import dev.kumite.agentprotocol.messages.User;
import dev.kumite.agentprotocol.messages.WaitProcessRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;

/**
 * What an agent does before its machine becomes a template, and after a machine has gone on from
 * one.
 */
record WarmUp(GuestAgent agent) {

    private static final String ID = "warm-up";
    private static final String ROOT = "/run/kumite-warm-up";

    /** Source: Linux, drivers/char/random.c: the pool has 256 bits. */
    private static final int SEED_BYTES = 64;

    /**
     * Ends when the guest has nothing to do any more: the drivers that it loads some seconds after
     * its start are there. In the guest's own process namespace, so that it sees that.
     */
    private static final String UNTIL_AT_REST =
            "while busybox pidof sleep || busybox pidof modprobe; do busybox usleep 100000; done";

    /** Runs a container, of files that the guest has itself, and leaves nothing of it. */
    void run(boolean virtioFs) {
        CreateSandboxRequest.Builder sandbox =
                CreateSandboxRequest.newBuilder().setSandboxId(ID).setHostname(ID);
        if (virtioFs) {
            sandbox.addKernelModules(KernelModule.newBuilder().setName("virtiofs"));
        }
        agent.call("setting up", client -> client.createSandbox(sandbox.build()));
        agent.call("making a container", client -> client.createContainer(container()));
        agent.call(
                "starting a container",
                client ->
                        client.startContainer(
                                StartContainerRequest.newBuilder().setContainerId(ID).build()));
        readToEnd();
        agent.call(
                "waiting for a container",
                client ->
                        client.waitProcess(
                                WaitProcessRequest.newBuilder()
                                        .setContainerId(ID)
                                        .setExecId(ID)
                                        .build()));
        agent.call(
                "removing a container",
                client ->
                        client.removeContainer(
                                RemoveContainerRequest.newBuilder().setContainerId(ID).build()));
        awaken();
        agent.call(
                "cleaning up",
                client -> client.destroySandbox(DestroySandboxRequest.getDefaultInstance()));
    }

    private void readToEnd() {
        try (InputStream output =
                new ProcessStreams.Reader(agent, ID, ID, ProcessStreams.Output.STDOUT)) {
            output.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw EngineException.builder(
                            EngineException.Category.GUEST,
                            "reading a container's output: " + Failures.reason(e))
                    .cause(e)
                    .build();
        }
    }

    /**
     * Gives a machine that went on from a template what is its own: the time, and random numbers.
     */
    void awaken() {
        byte[] seed = new byte[SEED_BYTES];
        new SecureRandom().nextBytes(seed);
        agent.call(
                "giving the guest random numbers",
                client ->
                        client.reseedRandomDev(
                                ReseedRandomDevRequest.newBuilder()
                                        .setData(ByteString.copyFrom(seed))
                                        .build()));
        Instant now = Instant.now();
        agent.call(
                "setting the guest's clock",
                client ->
                        client.setGuestDateTime(
                                SetGuestDateTimeRequest.newBuilder()
                                        .setSec(now.getEpochSecond())
                                        .setUsec(now.getNano() / 1000)
                                        .build()));
    }

    private static CreateContainerRequest container() {
        Linux.Builder linux = Linux.newBuilder().addMaskedPaths("/proc/kcore");
        for (String type : List.of("mount", "ipc", "uts", "cgroup")) {
            linux.addNamespaces(LinuxNamespace.newBuilder().setType(type));
        }
        Spec spec =
                Spec.newBuilder()
                        .setVersion(WorkloadSpec.OCI_VERSION)
                        .setProcess(
                                Process.newBuilder()
                                        .setUser(User.getDefaultInstance())
                                        .addAllArgs(
                                                List.of("/bin/busybox", "sh", "-c", UNTIL_AT_REST))
                                        .addEnv("PATH=/bin")
                                        .setCwd("/")
                                        .setNoNewPrivileges(true))
                        .setRoot(Root.newBuilder().setPath(ROOT))
                        .setHostname(ID)
                        .addMounts(mount("/proc", "proc", "proc"))
                        .addMounts(mount("/dev", "tmpfs", "tmpfs"))
                        .addMounts(
                                mount("/bin", "bind", "/bin").addOptions("rbind").addOptions("ro"))
                        .setLinux(linux)
                        .build();
        return CreateContainerRequest.newBuilder()
                .setContainerId(ID)
                .setExecId(ID)
                .setOCI(spec)
                .addStorages(
                        Storage.newBuilder()
                                .setDriver("ephemeral")
                                .setSource("tmpfs")
                                .setFstype("tmpfs")
                                .setMountPoint(ROOT))
                .build();
    }

    private static Mount.Builder mount(String destination, String type, String source) {
        return Mount.newBuilder().setDestination(destination).setType(type).setSource(source);
    }
}
