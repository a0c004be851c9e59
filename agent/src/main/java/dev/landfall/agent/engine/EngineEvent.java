package dev.landfall.agent.engine;

import java.util.Map;

/** Something the engine reported about a container of ours, in the order of happening. */
public sealed interface EngineEvent {
    String id();

    Map<String, String> labels();

    record Died(String id, Map<String, String> labels, int exitCode) implements EngineEvent {}

    record OutOfMemory(String id, Map<String, String> labels) implements EngineEvent {}

    record Destroyed(String id, Map<String, String> labels) implements EngineEvent {}

    record HealthChanged(String id, Map<String, String> labels, String status) implements EngineEvent {}
}
