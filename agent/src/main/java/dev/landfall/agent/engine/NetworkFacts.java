package dev.landfall.agent.engine;

import java.util.List;
import java.util.Map;

/** A network of the engine with its IPv4 and IPv6 blocks. */
public record NetworkFacts(String id, String name, Map<String, String> labels, List<String> subnets) {}
