package dev.landfall.ecs.service;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;

/**
 * A service as the API shows it, without the counts, and its scheduler's memory. Its deployments stand in it, newest
 * first: the first is the PRIMARY one.
 *
 * @param events newest first, at most 100
 * @param failedStarts rounds of starting tasks that failed, since the last that did not
 * @param notBefore no task is started before this moment; the epoch when nothing holds it back
 * @param steady whether the steady state that holds now has been announced
 * @param createToken the client token it was created with, and the digest of that request; or empty
 */
public record ServiceRow(
        Service service,
        List<ServiceEvent> events,
        int failedStarts,
        Instant notBefore,
        boolean steady,
        String createToken) {

    /** "The event stream for your service. A maximum of 100 of the latest events are displayed" (ECS API, Service). */
    private static final int EVENTS_MAX = 100;

    static final String STEADY = "has reached a steady state.";

    private static final Duration SAID_FOR = Duration.ofHours(6);

    public String arn() {
        return service.serviceArn();
    }

    /** Whether its tasks belong to task sets instead of deployments. */
    public boolean usesTaskSets() {
        return TaskSetService.wanted(service.deploymentController());
    }

    /** Whether its task sets are the caller's to make and change. */
    public boolean external() {
        return service.deploymentController() != null
                && service.deploymentController().type() == DeploymentControllerType.EXTERNAL;
    }

    public boolean active() {
        return "ACTIVE".equals(service.status());
    }

    public boolean inactive() {
        return "INACTIVE".equals(service.status());
    }

    Deployment primary() {
        return service.deployments().getFirst();
    }

    public ServiceRow with(Service next) {
        return new ServiceRow(next, events, failedStarts, notBefore, steady, createToken);
    }

    ServiceRow withSteady(boolean now) {
        return new ServiceRow(service, events, failedStarts, notBefore, now, createToken);
    }

    ServiceRow withFailedStarts(int failed, Instant until) {
        return new ServiceRow(service, events, failed, until, steady, createToken);
    }

    /** The same service in its steady state, which is announced, and again every six hours, as ECS does. */
    ServiceRow withSteadyState(String id, Instant now) {
        boolean said = steady && events.stream().filter(event -> event.message().endsWith(") " + STEADY)).findFirst()
                .filter(event -> event.createdAt().plus(SAID_FOR).isAfter(now)).isPresent();
        return said ? this : withSteady(true).withEvent(STEADY, id, now);
    }

    /**
     * As {@link #withEvent}, for what would be said with every try: it is said once until the service is steady again,
     * or for six hours (ECS Developer Guide, Service event messages).
     */
    public ServiceRow withEventOnce(String message, String id, Instant now) {
        boolean said = events.stream()
                .takeWhile(event -> event.createdAt().plus(SAID_FOR).isAfter(now)
                        && !event.message().endsWith(") " + STEADY))
                .anyMatch(event -> event.message().endsWith(") " + message));
        return said ? this : withEvent(message, id, now);
    }

    /** The same service with one more event; {@code id} is its UUID. */
    public ServiceRow withEvent(String message, String id, Instant now) {
        return withEvent("", message, id, now);
    }

    /** As the other, with what stands behind the service's name, {@code , taskSet ecs-svc/1}. */
    public ServiceRow withEvent(String subject, String message, String id, Instant now) {
        var all = new ArrayList<ServiceEvent>(EVENTS_MAX);
        all.add(ServiceEvent.builder().id(id).createdAt(now)
                .message("(service " + service.serviceName() + subject + ") " + message).build());
        all.addAll(events.subList(0, Math.min(events.size(), EVENTS_MAX - 1)));
        return new ServiceRow(service, List.copyOf(all), failedStarts, notBefore, steady, createToken);
    }
}
