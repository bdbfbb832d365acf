package dev.kumite.vmm;

final class VmmFindings {}
