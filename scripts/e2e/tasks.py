"""A client of containerd's tasks, for what ctr does in one step only.

Usage: tasks.py SOCKET create ID MOUNT...     MOUNT as "ctr snapshot mounts" prints them
       tasks.py SOCKET start ID
"""

import sys

import grpc

from cri import message

LIMIT = 150


def mount(line):
    """mount -t TYPE SOURCE TARGET -o OPTION,OPTION"""
    words = line.split()
    return {1: words[2], 2: words[3], 4: words[words.index("-o") + 1].split(",")}


def main(socket, command, task, *mounts):
    call = grpc.insecure_channel("unix://" + socket).unary_unary(
        "/containerd.services.tasks.v1.Tasks/" + command.capitalize(),
        request_serializer=message, response_deserializer=bytes)
    call({1: task, 3: [mount(line) for line in mounts]}, timeout=LIMIT, metadata=[("containerd-namespace", "default")])


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except grpc.RpcError as error:
        sys.exit(f"{error.code().name}: {error.details()}")
