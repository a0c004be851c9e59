package dev.landfall.sim;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SmokeTest {
    @Test
    void runs() {
        long t0 = System.nanoTime();
        for (int seed = 0; seed < 200; seed++) {
            var sim = new Simulation(seed, seed == 0 ? Trace.to(System.out::println) : Trace.quiet());
            var town = new Town(sim);
            town.machines(2);
            String ok = town.definition("ok");
            town.create("web", ok, 3, request -> { });
            sim.settle();
            town.update("web", request -> request.forceNewDeployment(true));
            sim.settle();
            if (seed % 50 == 0) {
                System.out.println(seed + " steps " + sim.timeline().steps() + " writes " + sim.plane().crashes().writes()
                        + " t=" + sim.timeline().micros() / 1e6 + " ms=" + (System.nanoTime() - t0) / 1e6);
            }
        }
    }
}
