package dev.kumite.vmm;

final class HostCheck {}
