package dev.kumite.vmm;

import java.util.Map;

/** What a share by virtio-fs is made of, at boot or later. */
final class ShareParts {

    /** Source: Kata Containers, {@code QueueSize} of its vhost-user-fs device. */
    private static final int QUEUE_SIZE = 1024;

    private ShareParts() {}

    static Backend.SocketClient backend(MachinePlan plan) {
        return new Backend.SocketClient("share0", plan.directory().virtiofsdSocket());
    }

    static Device.VhostUserFs device(MachinePlan plan, Device.Place place) {
        return new Device.VhostUserFs(
                Machines.transport(plan),
                "sharedev0",
                "share0",
                MachinePlan.SHARE_TAG,
                QUEUE_SIZE,
                place);
    }

    /**
     * {@return the arguments of {@code chardev-add}, which have another form than the switch}
     *
     * <p>Source: QEMU, qapi/char.json.
     */
    static Json.Obj chardev(Backend.SocketClient backend) {
        Json.Obj address =
                new Json.Obj(
                        Map.of(
                                "type",
                                new Json.Text("unix"),
                                "data",
                                Json.Obj.of("path", backend.path().toString())));
        Json.Obj socket = new Json.Obj(Map.of("addr", address, "server", new Json.Bool(false)));
        return new Json.Obj(
                Map.of(
                        "id",
                        new Json.Text(backend.id()),
                        "backend",
                        new Json.Obj(Map.of("type", new Json.Text("socket"), "data", socket))));
    }
}
