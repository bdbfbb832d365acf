"""A snapshotter for containerd that gives block devices, as devmapper does where the kernel has it.

Usage: snapshotter.py SOCKET DIRECTORY

Each snapshot is an image of an ext4 file system in DIRECTORY, copied from its parent's, and attached to a
loop device while it is active. Snapshots are forgotten when this ends, which detaches all devices.
"""

import os
import shutil
import signal
import subprocess
import sys
from concurrent import futures

import grpc

from cri import fields, first, message

SERVICE = "containerd.services.snapshots.v1.Snapshots"
SIZE = 64 << 20
VIEW, ACTIVE, COMMITTED = 1, 2, 3


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=60).stdout.decode().strip()


class Snapshots:
    """Calls come one after another: the server has one thread."""

    def __init__(self, directory):
        self.directory = directory
        self.known = {}
        self.made = 0

    def find(self, name, context):
        found = self.known.get(name)
        if found is None:
            context.abort(grpc.StatusCode.NOT_FOUND, f"snapshot {name}: not found")
        return found

    def make(self, request, kind, context):
        name, parent = first(request, 2).decode(), first(request, 3).decode()
        if name in self.known:
            context.abort(grpc.StatusCode.ALREADY_EXISTS, f"snapshot {name}: already exists")
        self.made += 1
        image = os.path.join(self.directory, f"{self.made}.img")
        if parent:
            run("cp", "--sparse=always", self.find(parent, context)["image"], image)
        else:
            with open(image, "wb") as file:
                file.truncate(SIZE)
            run("mke2fs", "-q", "-t", "ext4", "-E", "root_owner=0:0", image)
        self.known[name] = {
            "kind": kind, "parent": parent, "image": image, "labels": fields(request).get(4, []),
            "device": run("losetup", "--find", "--show", image)}
        return self.mounts(name, context)

    def prepare(self, request, context):
        return self.make(request, ACTIVE, context)

    def view(self, request, context):
        return self.make(request, VIEW, context)

    def mounts(self, name, context):
        snapshot = self.find(name, context)
        access = "ro" if snapshot["kind"] == VIEW else "rw"
        return {1: {1: "ext4", 2: snapshot["device"], 4: [access]}}

    def detach(self, snapshot):
        if snapshot["device"]:
            run("losetup", "--detach", snapshot["device"])
            snapshot["device"] = ""

    def commit(self, request, context):
        name, key = first(request, 2).decode(), first(request, 3).decode()
        snapshot = self.find(key, context)
        self.detach(snapshot)
        snapshot.update(kind=COMMITTED, labels=fields(request).get(4, []))
        self.known[name] = self.known.pop(key)
        return {}

    def remove(self, request, context):
        name = first(request, 2).decode()
        snapshot = self.find(name, context)
        self.detach(snapshot)
        os.unlink(snapshot["image"])
        del self.known[name]
        return {}

    def info(self, name, context):
        snapshot = self.find(name, context)
        return {1: name, 2: snapshot["parent"], 3: snapshot["kind"], 4: {1: 1}, 5: {1: 1}, 6: snapshot["labels"]}

    def stat(self, request, context):
        return {1: self.info(first(request, 2).decode(), context)}

    def update(self, request, context):
        name = first(request, 2, 1).decode()
        self.find(name, context)["labels"] = fields(first(request, 2)).get(6, [])
        return {1: self.info(name, context)}

    def list(self, request, context):
        yield {1: [self.info(name, context) for name in self.known]}

    def usage(self, request, context):
        image = self.find(first(request, 2).decode(), context)["image"]
        return {1: os.stat(image).st_blocks * 512, 2: 1}

    def cleanup(self, request, context):
        return {}

    def close(self):
        for snapshot in self.known.values():
            try:
                self.detach(snapshot)
            except subprocess.SubprocessError as error:
                print(error, file=sys.stderr)


def handlers(snapshots):
    unary = {
        "Prepare": snapshots.prepare, "View": snapshots.view, "Commit": snapshots.commit,
        "Mounts": lambda request, context: snapshots.mounts(first(request, 2).decode(), context),
        "Remove": snapshots.remove, "Stat": snapshots.stat, "Update": snapshots.update,
        "Usage": snapshots.usage, "Cleanup": snapshots.cleanup}
    found = {
        name: grpc.unary_unary_rpc_method_handler(method, request_deserializer=bytes, response_serializer=message)
        for name, method in unary.items()}
    found["List"] = grpc.unary_stream_rpc_method_handler(
        snapshots.list, request_deserializer=bytes, response_serializer=message)
    return grpc.method_handlers_generic_handler(SERVICE, found)


def main(socket, directory):
    if not shutil.which("mke2fs") or not shutil.which("losetup"):
        sys.exit("needs mke2fs and losetup")
    os.makedirs(directory)
    snapshots = Snapshots(directory)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=1))
    server.add_generic_rpc_handlers([handlers(snapshots)])
    server.add_insecure_port("unix://" + socket)
    server.start()
    try:
        server.wait_for_termination()
    finally:
        server.stop(None).wait()
        snapshots.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
