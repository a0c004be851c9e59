package dev.landfall.ecs.event;

import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.wire.EventJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;

/**
 * What a service's row tells: "ECS Service Action" for its new service events, "ECS Deployment State Change" for
 * deployments that began, were completed or failed (ECS Developer Guide, Amazon ECS service action events and service
 * deployment state change events).
 */
final class ServiceEvents {
    private ServiceEvents() {}

    static boolean differ(Optional<ServiceRow> before, ServiceRow after) {
        return before.isEmpty()
                ? !after.events().isEmpty() || !after.service().deployments().isEmpty()
                : before.get().events() != after.events() && !newEvents(before.get(), after).isEmpty()
                        || !news(before.get().service(), after.service()).isEmpty()
                        || recounted(before.get().service(), after.service());
    }

    /** What happened between two states of a service, oldest first. */
    static List<EcsEvent> between(Optional<ServiceRow> before, ServiceRow after, Instant changedAt) {
        if (before.isEmpty()) {
            return since(after, Instant.MIN, changedAt);
        }
        Service service = after.service();
        var events = new ArrayList<EcsEvent>();
        if (recounted(before.get().service(), service)) {
            events.add(recounted(service, changedAt));
        }
        newEvents(before.get(), after).reversed().forEach(each -> events.addAll(ServiceAction.of(service, each)));
        news(before.get().service(), service).forEach(each -> events.add(deployment(service, each)));
        return events;
    }

    /** What may have happened since a moment, as far as the service still knows: at least what did. */
    static List<EcsEvent> since(ServiceRow row, Instant moment, Instant changedAt) {
        Service service = row.service();
        var events = new ArrayList<EcsEvent>();
        if (service.schedulingStrategy() == SchedulingStrategy.DAEMON) {
            events.add(recounted(service, changedAt));
        }
        row.events().reversed().stream()
                .filter(each -> !each.createdAt().isBefore(moment))
                .forEach(each -> events.addAll(ServiceAction.of(service, each)));
        for (Deployment each : service.deployments().reversed()) {
            if (each.rolloutState() != null && !each.updatedAt().isBefore(moment)) {
                if (each.rolloutState() != DeploymentRolloutState.IN_PROGRESS && !each.createdAt().isBefore(moment)) {
                    events.add(deployment(service, begun(each)));
                }
                events.add(deployment(service, each));
            }
        }
        return events;
    }

    /** A deployment that has come further, as it was at first. */
    private static Deployment begun(Deployment deployment) {
        return deployment.toBuilder().rolloutState(DeploymentRolloutState.IN_PROGRESS)
                .rolloutStateReason("ECS deployment " + deployment.id() + " in progress.")
                .updatedAt(deployment.createdAt()).build();
    }

    private static List<ServiceEvent> newEvents(ServiceRow before, ServiceRow after) {
        if (before.events().isEmpty()) {
            return after.events();
        }
        String newest = before.events().getFirst().id();
        return after.events().stream().takeWhile(each -> !each.id().equals(newest)).toList();
    }

    /** The deployments that are new or have come to another state, oldest first. */
    private static List<Deployment> news(Service before, Service after) {
        if (before.deployments() == after.deployments()) {
            return List.of();
        }
        Predicate<Deployment> known = deployment -> before.deployments().stream().anyMatch(old ->
                old.id().equals(deployment.id()) && old.rolloutState() == deployment.rolloutState());
        return after.deployments().reversed().stream()
                .filter(each -> each.rolloutState() != null && !known.test(each)).toList();
    }

    /** The desired count of a daemon service is the scheduler's; that of another is its user's, who knows. */
    private static boolean recounted(Service before, Service after) {
        return after.schedulingStrategy() == SchedulingStrategy.DAEMON
                && !Objects.equals(before.desiredCount(), after.desiredCount());
    }

    private static EcsEvent recounted(Service service, Instant changedAt) {
        var detail = new LinkedHashMap<String, Object>();
        detail.put("eventType", "INFO");
        detail.put("eventName", "SERVICE_DESIRED_COUNT_UPDATED");
        detail.put("clusterArn", service.clusterArn());
        detail.put("desiredCount", service.desiredCount());
        detail.put("createdAt", changedAt);
        return new EcsEvent(EcsEvent.SERVICE, service.serviceArn(), changedAt, EventJson.write(detail));
    }

    private static EcsEvent deployment(Service service, Deployment deployment) {
        var detail = new LinkedHashMap<String, Object>();
        detail.put("eventType", deployment.rolloutState() == DeploymentRolloutState.FAILED ? "ERROR" : "INFO");
        detail.put("eventName", "SERVICE_DEPLOYMENT_" + deployment.rolloutStateAsString());
        detail.put("clusterArn", service.clusterArn());
        detail.put("deploymentId", deployment.id());
        detail.put("updatedAt", deployment.updatedAt());
        detail.put("reason", deployment.rolloutStateReason() == null ? "" : deployment.rolloutStateReason());
        return new EcsEvent(
                EcsEvent.DEPLOYMENT, service.serviceArn(), deployment.updatedAt(), EventJson.write(detail));
    }
}
