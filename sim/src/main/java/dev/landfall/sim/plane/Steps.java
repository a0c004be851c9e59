package dev.landfall.sim.plane;

import dev.landfall.sim.Timeline;
import java.time.Duration;

/** Steps of a process, which do nothing once it is dead. */
interface Steps {
    Timeline.Planned in(Duration delay, String what, Object whom, Runnable work);

    /** As soon as a thread gets to it. */
    void soon(String what, Object whom, Runnable work);
}
