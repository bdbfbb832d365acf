package dev.kumite.guestimage;

/** Hears how a build gets on. Called in the thread that builds. */
@FunctionalInterface
public interface GuestBuildListener {

    /** Hears nothing. */
    GuestBuildListener SILENT = _ -> {};

    /**
     * A step begins.
     *
     * @param what it, in a few words, for example {@code fetching crun (282 KiB)}
     */
    void step(String what);
}
