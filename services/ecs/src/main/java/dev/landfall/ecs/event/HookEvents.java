package dev.landfall.ecs.event;

import dev.landfall.ecs.shift.HookRun;
import dev.landfall.ecs.shift.ShiftRow;
import dev.landfall.wire.EventJson;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookStatus;

/**
 * "ECS Hook State Change": that a lifecycle hook of a service deployment has begun, waits, or has come to an end (ECS
 * Developer Guide, Amazon ECS service deployment hook state change events). They are about the service deployment.
 */
final class HookEvents {
    private static final String DEPLOYMENT = ":service-deployment/";
    private static final String SERVICE = ":service/";

    private HookEvents() {}

    static boolean differ(Optional<ShiftRow> before, ShiftRow after) {
        return !news(before, after).isEmpty();
    }

    /** What happened between two states of a shift. */
    static List<EcsEvent> between(Optional<ShiftRow> before, ShiftRow after, Instant changedAt) {
        return news(before, after).stream().map(hook -> event(after, hook, changedAt)).toList();
    }

    /** What may have happened to it, as far as it still knows. */
    static List<EcsEvent> newest(ShiftRow row, Instant changedAt) {
        return between(Optional.empty(), row, changedAt);
    }

    /** The ARN of the service whose deployment that is. */
    static String serviceArn(String deploymentArn) {
        return deploymentArn.contains(DEPLOYMENT)
                ? deploymentArn.substring(0, deploymentArn.lastIndexOf('/')).replace(DEPLOYMENT, SERVICE) : "";
    }

    private static List<HookRun> news(Optional<ShiftRow> before, ShiftRow after) {
        if (after.hooks().isEmpty()) {
            return List.of();
        }
        List<HookRun> known = before.filter(row -> row.deploymentArn().equals(after.deploymentArn()))
                .map(ShiftRow::hooks).orElse(List.of());
        return after.hooks().stream().filter(hook -> known.stream().noneMatch(old ->
                old.hookId().equals(hook.hookId()) && old.status() == hook.status())).toList();
    }

    private static EcsEvent event(ShiftRow row, HookRun hook, Instant changedAt) {
        boolean bad = hook.status() == DeploymentLifecycleHookStatus.FAILED
                || hook.status() == DeploymentLifecycleHookStatus.TIMED_OUT;
        var detail = new LinkedHashMap<String, Object>();
        detail.put("eventType", bad ? "ERROR" : "INFO");
        detail.put("eventName", "HOOK_" + hook.status());
        detail.put("hookId", hook.hookId());
        detail.put("hookType", hook.type().toString());
        detail.put("expiresAt", hook.expiresAt());
        detail.put("lifecycleStage", row.stage().hooks().orElseThrow().toString());
        detail.put("clusterArn", clusterArn(row.serviceArn()));
        detail.put("serviceArn", row.serviceArn());
        detail.put("serviceDeploymentArn", row.deploymentArn());
        detail.put("updatedAt", changedAt);
        return new EcsEvent(EcsEvent.HOOK, row.deploymentArn(), changedAt, EventJson.write(detail));
    }

    private static String clusterArn(String serviceArn) {
        return serviceArn.substring(0, serviceArn.lastIndexOf('/')).replace(SERVICE, ":cluster/");
    }
}
