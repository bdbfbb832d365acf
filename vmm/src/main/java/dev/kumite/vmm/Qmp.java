package dev.kumite.vmm;

final class Qmp {
    static final int MAX_LINE_BYTES = 1 << 20;
}
