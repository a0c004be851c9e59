package dev.landfall.ecs.protection;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.Duration;
import java.util.ArrayList;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ProtectedTask;
import software.amazon.awssdk.services.ecs.model.UpdateTaskProtectionRequest;
import software.amazon.awssdk.services.ecs.model.UpdateTaskProtectionResponse;

/**
 * Protects up to ten tasks of services from scale-in and deployments, or ends that. A service may not have more
 * protected tasks than it wants tasks: it could never come to rest (ECS Developer Guide, Task scale-in protection).
 */
public final class UpdateTaskProtection {
    /** "A list of up to 10 task IDs or full ARN entries" (ECS API Reference, UpdateTaskProtection). */
    private static final int MAX = 10;

    /** "You can specify a value from 1 minute to up to 2,880 minutes (48 hours)"; likewise the default. */
    private static final int MINUTES_MAX = 2_880;

    private static final int MINUTES_DEFAULT = 120;

    private UpdateTaskProtection() {}

    public static Decision<UpdateTaskProtectionResponse> decide(
            Image image, UpdateTaskProtectionRequest request, Scope scope, Context context) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        Protections.tasks(request.tasks(), MAX);
        if (request.protectionEnabled() == null) {
            throw EcsErrors.invalidParameter("protectionEnabled cannot be empty.");
        }
        Integer minutes = request.expiresInMinutes();
        if (minutes != null && (minutes < 1 || minutes > MINUTES_MAX)) {
            throw EcsErrors.invalidParameter("expiresInMinutes should be between 1 and " + MINUTES_MAX + ".");
        }
        Duration life = Duration.ofMinutes(minutes == null ? MINUTES_DEFAULT : minutes);
        var draft = new Draft(image);
        var changed = new ArrayList<ProtectedTask>();
        var failures = new ArrayList<Failure>();
        for (String id : request.tasks()) {
            switch (Protections.find(draft.image(), scope, cluster, id)) {
                case Protections.Found.Not(var failure) -> failures.add(failure);
                case Protections.Found.OfService(var task) when !task.wanted() ->
                        failures.add(Protections.failure(task.arn(), "TASK_NOT_VALID"));
                case Protections.Found.OfService(var task) -> {
                    if (!request.protectionEnabled()) {
                        end(draft, task);
                    } else if (blocksDeployment(draft.image(), task, context)) {
                        failures.add(Protections.failure(task.arn(), "DEPLOYMENT_BLOCKED"));
                        continue;
                    } else {
                        draft.put(EcsTables.PROTECTIONS,
                                new ProtectionRow(task.arn(), task.serviceArn(), context.now().plus(life)));
                    }
                    changed.add(Protections.describe(draft.image(), task, context.now()));
                }
            }
        }
        return draft.reply(UpdateTaskProtectionResponse.builder().protectedTasks(changed).failures(failures).build());
    }

    private static void end(Draft draft, TaskRow task) {
        if (draft.image().get(EcsTables.PROTECTIONS, task.arn()).isPresent()) {
            draft.delete(EcsTables.PROTECTIONS, task.arn());
        }
    }

    /** Whether the service would have more protected tasks than it wants tasks. */
    private static boolean blocksDeployment(Image image, TaskRow task, Context context) {
        long others = Protections.ofService(image, task.serviceArn(), context.now()).stream()
                .filter(row -> !row.taskArn().equals(task.arn())).count();
        int desired = image.get(EcsTables.SERVICES, task.serviceArn())
                .map(row -> row.service().desiredCount()).orElse(0);
        return others + 1 > desired;
    }
}
