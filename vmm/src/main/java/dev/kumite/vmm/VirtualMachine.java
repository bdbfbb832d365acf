package dev.kumite.vmm;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A machine: QEMU, and virtiofsd where files are shared by it. Safe for use by several threads; hot
 * plug operations follow one another.
 *
 * <p>{@link #start} makes the machine, {@link #resume} lets it run. {@link #close} ends it,
 * whatever state it is in; {@link #detach} leaves it to another owner, who finds it by {@link
 * #attach}.
 */
public final class VirtualMachine implements AutoCloseable {

    private final MachineProcesses processes;
    private final HotPlug hotPlug;

    VirtualMachine(MachineProcesses processes, HotPlug hotPlug) {
        this.processes = processes;
        this.hotPlug = hotPlug;
    }

    /**
     * {@return a machine that is made, and does not run yet} When this fails, no process and no
     * socket of it is left.
     *
     * @param plan what it is to be; its directory exists
     * @param listener hears what happens
     * @param limits how long it may take
     * @throws VmmException that names what failed, with QEMU's last words
     */
    public static VirtualMachine start(MachinePlan plan, MachineListener listener, Limits limits) {
        return MachineStart.start(plan, listener, limits);
    }

    /**
     * {@return a machine that a former owner started}
     *
     * @param plan as it was started with
     * @param state as it was stored last
     * @throws VmmException with {@link VmmException.Category#PROCESS_ENDED} if QEMU is gone
     */
    public static VirtualMachine attach(
            MachinePlan plan, MachineState state, MachineListener listener, Limits limits) {
        return MachineStart.attach(plan, state, listener, limits);
    }

    /**
     * Ends what is left of a machine whose owner is gone, without a plan: the processes that the
     * state names, and any that has the directory's sockets on its command line; then removes the
     * sockets.
     *
     * @return how many processes there were
     */
    public static int endLeftovers(SandboxDirectory directory, Duration timeout) {
        return Leftovers.end(directory, timeout);
    }

    /** Lets the machine run, for the first time or again. */
    public void resume() {
        processes.execute("cont");
    }

    /** Makes the machine stand still. */
    public void pause() {
        processes.execute("stop");
    }

    MachineProcesses processes() {
        return processes;
    }

    /** {@return QEMU's word for what the machine does, such as {@code running}} */
    public String status() {
        return processes.execute("query-status").get("status").text().orElse("unknown");
    }

    /** {@return what its virtual CPUs are doing} */
    public List<ProcessorState> processors() {
        Json text =
                processes.execute(
                        "human-monitor-command", Json.Obj.of("command-line", "info registers -a"));
        return ProcessorState.parse(text.text().orElse(""));
    }

    /** {@return QEMU's version, such as {@code 7.2.22}} */
    public String qemuVersion() {
        return processes.qmp().version();
    }

    /** {@return the connection to QEMU, for what has no method here} */
    public Qmp qmp() {
        return processes.qmp();
    }

    /** {@return what has to be stored to find the machine again} */
    public MachineState state() {
        return hotPlug.state();
    }

    /** {@return how the machine ended, once it has; all of its processes are gone then} */
    public CompletableFuture<MachineExit> onExit() {
        return processes.onExit();
    }

    /** {@return the guest's last lines on the console, printable} */
    public List<String> consoleLines() {
        return processes.consoleLines(BoundedLog.LAST_LINES);
    }

    /** {@return the socket of an agent port, from 0} */
    public Path agentSocket(int port) {
        return processes.directory().agentSocket(port);
    }

    void bootAddresses(Map<String, GuestAddress> addresses) {
        hotPlug.setBootAddresses(addresses);
    }

    /** {@return where the guest finds the disks that it booted with, by their ids} */
    public Map<String, GuestAddress> diskAddresses() {
        return hotPlug.bootAddresses();
    }

    /**
     * {@return where the guest finds the disk} It is there when this returns; the guest may take a
     * moment to see it.
     */
    public GuestAddress plugDisk(Disk disk) {
        return hotPlug.plugDisk(disk);
    }

    /**
     * Takes a disk away that was plugged in.
     *
     * @throws VmmException with {@link VmmException.Category#TIMEOUT} if the guest does not let go
     */
    public void unplugDisk(String id) {
        hotPlug.unplugDisk(id);
    }

    void plugShare() {
        hotPlug.plugShare();
    }

    /** {@return where the guest finds the interface} */
    public GuestAddress plugNetwork(Network network) {
        return hotPlug.plugNetwork(network);
    }

    /** Takes an interface away that was plugged in. */
    public void unplugNetwork(String id) {
        hotPlug.unplugNetwork(id);
    }

    /**
     * Adds CPUs until there are {@code total}, or as many as the machine can have.
     *
     * @return how many there are now; the guest has still to bring the new ones online
     */
    public int growVcpus(int total) {
        return hotPlug.growVcpus(total);
    }

    /**
     * Adds memory until there are at least {@code totalMib}, or as much as the machine can have.
     *
     * @return how much there is now, in MiB; the guest has still to bring the new memory online
     */
    public long growMemory(long totalMib) {
        return hotPlug.growMemory(totalMib);
    }

    /** {@return all memory, in MiB} */
    public long memoryMib() {
        return hotPlug.memoryMib();
    }

    /**
     * Presses the power button.
     *
     * @return whether the machine ended in time
     */
    public boolean powerdown(Duration timeout) {
        return processes.powerdown(timeout);
    }

    /**
     * Ends QEMU in good order, and kills it if it does not obey.
     *
     * @param timeout for the good order
     */
    public MachineExit quit(Duration timeout) {
        return processes.quit(timeout);
    }

    /** {@return how it ended} Kills QEMU and virtiofsd at once. */
    public MachineExit kill() {
        return processes.kill();
    }

    /** Leaves the machine running to whoever finds it next. */
    public void detach() {
        processes.detach();
    }

    /** Kills what is left, and removes the sockets. Can be called any number of times. */
    @Override
    public void close() {
        MachineExit _ = processes.kill();
    }
}
