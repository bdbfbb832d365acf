package dev.kumite.cli;

/** The version of this build. Filled in by the build from the parent POM. */
final class Version {

    /** As people write it. */
    static final String TEXT = "${kumite.version}";

    private Version() {}
}
