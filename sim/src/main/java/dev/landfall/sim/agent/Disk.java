package dev.landfall.sim.agent;

import java.util.Optional;
import java.util.TreeMap;

/** An agent's data directory. */
final class Disk {
    private final TreeMap<String, Saved> tasks = new TreeMap<>();
    private Optional<String> instanceArn = Optional.empty();

    TreeMap<String, Saved> tasks() {
        return tasks;
    }

    Optional<String> instanceArn() {
        return instanceArn;
    }

    void instanceArn(String arn) {
        instanceArn = Optional.of(arn);
    }

    void forgetInstance() {
        instanceArn = Optional.empty();
    }
}
