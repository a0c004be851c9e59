package dev.landfall.sim.plane;

/** The control plane's process ends here. An error, so that the code that dies does not go on with it. */
public final class Crash extends Error {
    Crash(CrashPoint point, long write) {
        super("crash " + point + " of write " + write, null, false, false);
    }
}
