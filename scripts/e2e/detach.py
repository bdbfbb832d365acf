"""Leaves a shell by keys, and finds it again as it was.

Usage: detach.py NAME IMAGE PODMAN...   where PODMAN... is podman with its global options.
"""

import os
import pty
import select
import subprocess
import sys
import time

LIMIT = 200
# podman compares what one read gives it with one key: keys that come together are no keys.
BETWEEN_KEYS = 0.5


class Terminal:
    def __init__(self, command):
        self.command = command
        self.seen = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvp(command[0], command)

    def expect(self, text):
        end = time.monotonic() + LIMIT
        while text not in self.seen:
            if not select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]:
                raise SystemExit(f"waited {LIMIT} s for {text!r}, seen: {self.seen!r}")
            data = self.read()
            if not data:
                raise SystemExit(f"ended before {text!r}, seen: {self.seen!r}")
            self.seen += data
        self.seen = self.seen.partition(text)[2]

    def read(self):
        try:
            return os.read(self.fd, 4096)
        except OSError:
            return b""

    def type(self, text):
        os.write(self.fd, text)

    def keys(self, *keys):
        for key in keys:
            time.sleep(BETWEEN_KEYS)
            self.type(key)

    def ends(self):
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            if select.select([self.fd], [], [], 0.1)[0] and not self.read():
                break
        else:
            raise SystemExit(f"{self.command} did not end by its keys")
        os.close(self.fd)
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        if code != 0:
            raise SystemExit(f"{self.command} ended with {code}")


def main():
    name, image, *podman = sys.argv[1:]

    def running():
        command = [*podman, "inspect", "--format", "{{.State.Running}}", name]
        if subprocess.check_output(command, text=True) != "true\n":
            raise SystemExit(f"{name} does not run any more")

    first = Terminal([*podman, "run", "-it", "--name", name, "--network", "none", image, "sh"])
    first.expect(b"# ")
    first.type(b"kept=41\n")
    first.expect(b"# ")
    first.keys(b"\x10", b"\x11")
    first.ends()
    running()

    second = Terminal([*podman, "attach", "--detach-keys", "ctrl-x,y", name])
    # A terminal shows nothing of what was there before.
    time.sleep(1)
    second.type(b"echo va'lue' $((kept + 1))\n")
    second.expect(b"value 42\r\n")
    second.expect(b"# ")
    second.keys(b"\x18", b"y")
    second.ends()
    running()


main()
