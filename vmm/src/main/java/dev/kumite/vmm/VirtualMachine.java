package dev.kumite.vmm;

final class VirtualMachine {}
