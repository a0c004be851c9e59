package dev.landfall.ecs.protection;

import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import java.util.ArrayList;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.GetTaskProtectionRequest;
import software.amazon.awssdk.services.ecs.model.GetTaskProtectionResponse;
import software.amazon.awssdk.services.ecs.model.ProtectedTask;

/** Shows the scale-in protection of up to 100 tasks of services; a decision, since whether it holds depends on now. */
public final class GetTaskProtection {
    /** "A list of up to 100 task IDs or full ARN entries" (ECS API Reference, GetTaskProtection). */
    private static final int MAX = 100;

    private GetTaskProtection() {}

    public static Decision<GetTaskProtectionResponse> decide(
            Image image, GetTaskProtectionRequest request, Scope scope, Context context) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        Protections.tasks(request.tasks(), MAX);
        var shown = new ArrayList<ProtectedTask>();
        var failures = new ArrayList<Failure>();
        for (String id : request.tasks()) {
            switch (Protections.find(image, scope, cluster, id)) {
                case Protections.Found.OfService(var task) ->
                        shown.add(Protections.describe(image, task, context.now()));
                case Protections.Found.Not(var failure) -> failures.add(failure);
            }
        }
        return Decision.of(GetTaskProtectionResponse.builder().protectedTasks(shown).failures(failures).build());
    }
}
