package dev.landfall.ecs.capacity;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.DeregisterContainerInstance;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import java.time.Duration;
import java.util.Optional;

/**
 * Ends a Spot container instance once its warning is over: what still runs there ends with it. Its agent, if it is one
 * of ours, hears that and joins as a new instance, as an Auto Scaling group would replace the one that is gone.
 */
final class ReclaimInstance {
    private ReclaimInstance() {}

    /** Replies with when to look again, if only time will tell. */
    static Optional<Duration> whenDue(Draft draft, String instanceArn, Context context) {
        Optional<InterruptionNotice> notice = draft.image().get(EcsTables.INTERRUPTION_NOTICES, instanceArn);
        if (notice.isEmpty()) {
            return Optional.empty();
        }
        if (context.now().isBefore(notice.get().reclaimAt())) {
            return Optional.of(Duration.between(context.now(), notice.get().reclaimAt()));
        }
        Optional<InstanceRow> row = draft.image().get(EcsTables.INSTANCES, instanceArn)
                .filter(found -> !"INACTIVE".equals(found.instance().status()));
        row.ifPresent(instance -> DeregisterContainerInstance.gone(draft, instance,
                "Host EC2 (instance " + instance.instance().ec2InstanceId() + ") terminated.", context));
        return Optional.empty();
    }
}
