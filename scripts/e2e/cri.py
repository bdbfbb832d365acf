"""A client of the CRI, with as much of it as the tests need.

Usage: cri.py SOCKET COMMAND ARGUMENTS...

    up NAME HANDLER LOGS IMAGE COMMAND...         a pod with a running container; prints the pod's id, and the
                                                  microseconds from the first call to the end of the last
    run-pod NAME HANDLER LOGS [KEY=VALUE annotation...]   prints the pod's id
    create POD NAME IMAGE [-m BYTES] COMMAND...           prints the container's id
    start ID | stop ID SECONDS | remove ID | status ID | stats ID | update ID BYTES
    exec ID COMMAND...                                    its output, and its exit code
    stop-pod ID | remove-pod ID | pod-status ID | pod-address ID

Messages are encoded by hand, by the numbers of runtime/v1/api.proto: no compiler of protocol buffers
is needed, only Debian's python3-grpcio.
"""

import sys
import time

import grpc

LIMIT = 240


def varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def message(fields):
    """Encodes {number: value}; a value is a number, a string, bytes, a message, or a list of them."""
    out = b""
    for number, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, int):
                out += varint(number << 3) + varint(one)
                continue
            data = message(one) if isinstance(one, dict) else one.encode() if isinstance(one, str) else one
            out += varint(number << 3 | 2) + varint(len(data)) + data
    return out


def fields(data):
    """Decodes to {number: [value, ...]}."""
    found, place = {}, 0

    def number():
        nonlocal place
        result = shift = 0
        while True:
            byte = data[place]
            place += 1
            result |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return result

    while place < len(data):
        key = number()
        if key & 7 == 0:
            value = number()
        else:
            length = number() if key & 7 == 2 else {1: 8, 5: 4}[key & 7]
            value = data[place:place + length]
            place += length
        found.setdefault(key >> 3, []).append(value)
    return found


def first(data, *path, default=b""):
    for number in path:
        found = fields(data).get(number)
        if not found:
            return default
        data = found[0]
    return data


class Cri:
    def __init__(self, socket):
        self.channel = grpc.insecure_channel("unix://" + socket)

    def call(self, method, request):
        call = self.channel.unary_unary(
            "/runtime.v1.RuntimeService/" + method, request_serializer=message, response_deserializer=bytes)
        return call(request, timeout=LIMIT)


def pod_config(name, logs, annotations=()):
    return {
        1: {1: name, 2: "uid-" + name, 3: "default", 4: 1},
        2: name,
        3: logs,
        7: [dict(zip((1, 2), pair.split("=", 1))) for pair in annotations],
        8: {2: {1: {2: 1}}},
    }


def main(socket, command, *arguments):
    cri = Cri(socket)
    if command == "run-pod":
        name, handler, logs, *annotations = arguments
        print(first(cri.call("RunPodSandbox", {1: pod_config(name, logs, annotations), 2: handler}), 1).decode())
    elif command == "up":
        name, handler, logs, image, *words = arguments
        begin = time.monotonic()
        pod = first(cri.call("RunPodSandbox", {1: pod_config(name, logs), 2: handler}), 1).decode()
        config = {1: {1: "main", 2: 1}, 2: {1: image}, 3: words, 11: name + ".log", 15: {}}
        made = cri.call("CreateContainer", {1: pod, 2: config, 3: pod_config(name, logs)})
        cri.call("StartContainer", {1: first(made, 1).decode()})
        print(pod, round((time.monotonic() - begin) * 1e6))
    elif command == "create":
        pod, name, image, *rest = arguments
        linux = {}
        if rest[0] == "-m":
            linux = {1: {4: int(rest[1])}}
            rest = rest[2:]
        config = {1: {1: name, 2: 1}, 2: {1: image}, 3: list(rest), 11: name + ".log", 15: linux}
        # Of the pod only its directory for logs matters here; the status does not tell it.
        logs = sys.stdin.readline().strip()
        print(first(cri.call("CreateContainer", {1: pod, 2: config, 3: pod_config("pod", logs)}), 1).decode())
    elif command == "start":
        cri.call("StartContainer", {1: arguments[0]})
    elif command == "stop":
        cri.call("StopContainer", {1: arguments[0], 2: int(arguments[1])})
    elif command == "remove":
        cri.call("RemoveContainer", {1: arguments[0]})
    elif command == "update":
        cri.call("UpdateContainerResources", {1: arguments[0], 2: {4: int(arguments[1])}})
    elif command == "status":
        status = first(cri.call("ContainerStatus", {1: arguments[0]}), 1)
        state = ["CREATED", "RUNNING", "EXITED", "UNKNOWN"][first(status, 3, default=0)]
        print(state, first(status, 7, default=0))
    elif command == "stats":
        stats = first(cri.call("ContainerStats", {1: arguments[0]}), 1)
        print("cpu", first(stats, 2, 2, 1, default=0), "memory", first(stats, 3, 2, 1, default=0))
    elif command == "exec":
        answer = cri.call("ExecSync", {1: arguments[0], 2: list(arguments[1:]), 3: LIMIT - 60})
        sys.stdout.buffer.write(first(answer, 1))
        sys.stderr.buffer.write(first(answer, 2))
        sys.exit(first(answer, 3, default=0))
    elif command == "stop-pod":
        cri.call("StopPodSandbox", {1: arguments[0]})
    elif command == "remove-pod":
        cri.call("RemovePodSandbox", {1: arguments[0]})
    elif command == "pod-status":
        status = first(cri.call("PodSandboxStatus", {1: arguments[0]}), 1)
        print(["READY", "NOTREADY"][first(status, 3, default=0)])
    elif command == "pod-address":
        print(first(cri.call("PodSandboxStatus", {1: arguments[0]}), 1, 5, 1).decode())
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except grpc.RpcError as error:
        sys.exit(f"{error.code().name}: {error.details()}")
