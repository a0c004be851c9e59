package dev.landfall.bench.edge;

import dev.landfall.bench.edge.Scenario.Door;
import java.util.Map;

/** One of the servers that are compared: its process, and where its doors are. */
record Side(String name, long pid, Map<Door, Integer> ports) {
    boolean serves(Scenario scenario) {
        return ports.containsKey(scenario.door());
    }
}
