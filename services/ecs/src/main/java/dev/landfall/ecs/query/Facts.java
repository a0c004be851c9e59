package dev.landfall.ecs.query;

import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** What an expression may ask of a container instance. */
public interface Facts {
    /** The value of an attribute, the empty text for one without a value; nothing where it does not have it. */
    Optional<String> attribute(String name);

    boolean agentConnected();

    /** Digits and dots; nothing where the agent did not say. */
    Optional<String> agentVersion();

    String ec2InstanceId();

    Instant registeredAt();

    int runningTasksCount();

    /** The groups of the tasks on it that have not stopped; some may come twice. */
    Collection<String> taskGroups();
}
