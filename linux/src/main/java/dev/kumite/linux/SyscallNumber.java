package dev.kumite.linux;

import java.util.Locale;

/**
 * The system calls in use and their numbers, per architecture.
 *
 * <p>Source: Linux arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h
 * (aarch64).
 */
enum SyscallNumber {
    ACCEPT4(288, 242),
    BIND(49, 200),
    CHROOT(161, 51),
    CLOCK_SETTIME(227, 112),
    CLOSE(3, 57),
    CONNECT(42, 203),
    DUP3(292, 24),
    EPOLL_CREATE1(291, 20),
    EPOLL_CTL(233, 21),
    EPOLL_PWAIT(281, 22),
    FCHMOD(91, 52),
    FCNTL(72, 25),
    FLOCK(73, 32),
    FTRUNCATE(77, 46),
    GETPEERNAME(52, 205),
    GETPID(39, 172),
    GETSOCKNAME(51, 204),
    GETSOCKOPT(55, 209),
    IOCTL(16, 29),
    KILL(62, 129),
    LISTEN(50, 201),
    MEMFD_CREATE(319, 279),
    MKNODAT(259, 33),
    MOUNT(165, 40),
    MOUNT_SETATTR(442, 442),
    OPENAT(257, 56),
    PIDFD_GETFD(438, 438),
    PIDFD_OPEN(434, 434),
    PIDFD_SEND_SIGNAL(424, 424),
    PIPE2(293, 59),
    PIVOT_ROOT(155, 41),
    PPOLL(271, 73),
    PRCTL(157, 167),
    PRLIMIT64(302, 261),
    READ(0, 63),
    REBOOT(169, 142),
    RECVFROM(45, 207),
    RECVMSG(47, 212),
    SENDMSG(46, 211),
    SENDTO(44, 206),
    SETHOSTNAME(170, 161),
    SETNS(308, 268),
    SETSOCKOPT(54, 208),
    SHUTDOWN(48, 210),
    SIGNALFD4(289, 74),
    SOCKET(41, 198),
    SOCKETPAIR(53, 199),
    SYNC(162, 81),
    SYNCFS(306, 267),
    UMOUNT2(166, 39),
    UNSHARE(272, 97),
    WAITID(247, 95),
    WRITE(1, 64);

    private final int x86;
    private final int aarch64;

    SyscallNumber(int x86, int aarch64) {
        this.x86 = x86;
        this.aarch64 = aarch64;
    }

    int on(Architecture architecture) {
        return switch (architecture) {
            case X86_64 -> x86;
            case AARCH64 -> aarch64;
        };
    }

    /** {@return the name as the manual writes it} */
    String title() {
        return name().toLowerCase(Locale.ROOT);
    }
}
