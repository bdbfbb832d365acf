package dev.kumite.engine;

/** A step of a sandbox's start, in order. */
public enum Step {
    /** The request is planned, the sandbox's directory made and its state written. */
    PREPARE("prepare"),
    /** The directory that the guest sees is made, and root file system and volumes bound there. */
    SHARE("share"),
    /** The interfaces of the network namespace are connected; left out if there are none. */
    NETWORK("network"),
    /**
     * A machine is booted and written down, for this one and later ones to go on from; left out
     * where that was done before, or is not wanted.
     */
    TEMPLATE("template"),
    /** virtiofsd is started; left out where files are shared by 9p or not at all. */
    VIRTIOFSD("virtiofsd"),
    /** QEMU is started. */
    QEMU("qemu"),
    /** QEMU's control socket answers. */
    QMP("qmp"),
    /** The guest boots until its agent answers. */
    AGENT("agent"),
    /** The agent sets the sandbox up: its network, and what is shared. */
    SANDBOX("sandbox"),
    /** The agent makes the container. */
    CONTAINER("container"),
    /** The container's program is started. */
    START("start");

    private final String word;

    Step(String word) {
        this.word = word;
    }

    /** {@return the word that records and messages have for it} */
    public String word() {
        return word;
    }
}
