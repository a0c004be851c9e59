package dev.landfall.sim.plane;

/** When the control plane is to die: at one point of one of its durable writes, counted over all its lives. */
public final class Crashes {
    private long writes;
    private long at = -1;
    private CrashPoint point = CrashPoint.BEFORE_APPEND;

    /** Plans the death at the {@code write}th durable write of the run, from 1 on. */
    public void at(long write, CrashPoint where) {
        at = write;
        point = where;
    }

    /** Plans the death at the {@code count}th durable write from now on. */
    public void in(int count, CrashPoint where) {
        at(writes + count, where);
    }

    /** No death is planned any more. */
    public void none() {
        at = -1;
    }

    /** How many durable writes there have been, or were on their way. */
    public long writes() {
        return writes;
    }

    void next() {
        writes++;
    }

    void reach(CrashPoint where) {
        if (writes == at && point == where) {
            at = -1;
            throw new Crash(where, writes);
        }
    }
}
