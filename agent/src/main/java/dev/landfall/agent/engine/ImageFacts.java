package dev.landfall.agent.engine;

import java.util.Optional;

/** An image that the engine has. {@code digest} ({@code sha256:…}) is known if it came from a registry. */
public record ImageFacts(String id, Optional<String> digest) {}
