package dev.landfall.elb;

import java.util.Optional;

/** Where targets are that are registered by the id of their instance. Called by any thread; must not block. */
@FunctionalInterface
public interface Instances {
    /** Every instance is this machine, where agents publish the ports of containers. */
    Instances THIS_MACHINE = id -> Optional.of("127.0.0.1");

    /** The address at which an instance's ports are reached; none as long as it is not known. */
    Optional<String> address(String instanceId);
}
