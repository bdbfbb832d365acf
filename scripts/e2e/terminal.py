"""Talks to a shell over a terminal: sizes, a changed size, keys, the exit code.

Usage: terminal.py COMMAND...   where the command starts a shell on its terminal.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

LIMIT = 200


def resize(fd, rows, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def add(seen, data):
    """ctr leaves its own terminal translating the ends of lines, which the inner one has done already."""
    seen += data
    seen[:] = seen.replace(b"\r\r\n", b"\r\n")


def expect(fd, text, seen, limit=LIMIT):
    up_to(fd, text, seen, limit)


def up_to(fd, text, seen, limit=LIMIT):
    end = time.monotonic() + limit
    while text not in seen:
        ready = select.select([fd], [], [], max(0, end - time.monotonic()))[0]
        if not ready:
            raise SystemExit(f"waited {limit} s for {text!r}, seen: {bytes(seen)!r}")
        try:
            data = os.read(fd, 4096)
        except OSError:
            data = b""
        if not data:
            raise SystemExit(f"ended before {text!r}, seen: {bytes(seen)!r}")
        add(seen, data)
    before = bytes(seen[: seen.index(text)])
    del seen[: len(before) + len(text)]
    return before


def main():
    pid, fd = pty.fork()
    if pid == 0:
        os.execvp(sys.argv[1], sys.argv[1:])
    resize(fd, 33, 101)
    os.kill(pid, signal.SIGWINCH)
    seen = bytearray()
    expect(fd, b"# ", seen)
    os.write(fd, b"echo $((40+2)); test -t 0 && echo ter'minal'\n")
    expect(fd, b"\n42\r\n", seen)
    expect(fd, b"terminal\r\n", seen)
    await_size(fd, seen, b"33 101")
    resize(fd, 44, 102)
    os.kill(pid, signal.SIGWINCH)
    await_size(fd, seen, b"44 102")
    os.write(fd, b"echo be'gun'; sleep 100\n")
    expect(fd, b"begun\r\n", seen)
    time.sleep(0.5)
    os.write(fd, b"\x03")
    expect(fd, b"# ", seen)
    os.write(fd, b"exit 9\n")
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        try:
            if select.select([fd], [], [], 0.1)[0] and not os.read(fd, 4096):
                break
        except OSError:
            break
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status != 9:
        raise SystemExit(f"exit code {status}, not 9")


def await_size(fd, seen, size):
    """A new size takes a moment to get through."""
    for _ in range(20):
        # What the shell echoes, and paints anew while it is typed, does not look like the answer.
        os.write(fd, b'echo "si""ze <$(stty size)>"\n')
        expect(fd, b"size <", seen)
        answer = up_to(fd, b">", seen)
        if answer == size:
            return
        time.sleep(0.3)
    raise SystemExit(f"size {answer!r}, not {size!r}")


main()
