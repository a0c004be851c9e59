package dev.landfall.ecs.event;

import dev.landfall.ecs.Scope;
import dev.landfall.wire.EventJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;

/**
 * "ECS Service Action": what the scheduler writes into a service's events, by the names EventBridge has for it. Not
 * every service event is one; those that are none here are only shown with the service.
 */
final class ServiceAction {
    private static final Pattern TASK_SET = Pattern.compile("^\\(service [^)]*?, taskSet ([^)]+)\\)");
    private static final Pattern TASK = Pattern.compile("\\(task ([^)]+)\\)");
    private static final Pattern INSTANCE = Pattern.compile("\\(container-instance ([^)]+)\\)");
    private static final Pattern ERROR = Pattern.compile("encountered error \"([^\"]+)\"");

    private final Service service;
    private final ServiceEvent said;

    private ServiceAction(Service service, ServiceEvent said) {
        this.service = service;
        this.said = said;
    }

    /** The events that a service event stands for; none for those that EventBridge is not told of. */
    static List<EcsEvent> of(Service service, ServiceEvent said) {
        return new ServiceAction(service, said).events();
    }

    private List<EcsEvent> events() {
        String message = said.message();
        if (message.endsWith("has reached a steady state.")) {
            return steady();
        }
        if (message.contains("was unable to place a task")) {
            return List.of(unplaced());
        }
        if (message.contains("is unable to consistently start tasks successfully")) {
            return List.of(event("WARN", "SERVICE_TASK_START_IMPAIRED", new LinkedHashMap<>()));
        }
        if (message.contains("no longer meets the placement constraint")
                || message.contains("daemon placement constraint")) {
            return List.of(event("ERROR", "SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED", tasks()));
        }
        if (message.contains(" has stopped ") && message.contains(" running task")) {
            return List.of(event("INFO", "TASKS_STOPPED", tasks()));
        }
        return List.of();
    }

    private List<EcsEvent> steady() {
        var events = new ArrayList<EcsEvent>();
        Optional<String> taskSet = TASK_SET.matcher(said.message()).results().findFirst().map(found -> found.group(1));
        if (taskSet.isPresent()) {
            var more = new LinkedHashMap<String, Object>();
            more.put("taskSetArns", List.of(
                    service.serviceArn().replace(":service/", ":task-set/") + "/" + taskSet.get()));
            events.add(event("INFO", "TASKSET_STEADY_STATE", more));
        } else {
            events.add(event("INFO", "SERVICE_STEADY_STATE", new LinkedHashMap<>()));
        }
        if (!service.capacityProviderStrategy().isEmpty()) {
            events.add(event("INFO", "CAPACITY_PROVIDER_STEADY_STATE", providers()));
        }
        return events;
    }

    private EcsEvent unplaced() {
        var more = service.capacityProviderStrategy().isEmpty()
                ? new LinkedHashMap<String, Object>() : providers();
        var instances = INSTANCE.matcher(said.message()).results().map(this::instance).toList();
        if (!instances.isEmpty()) {
            more.put("containerInstanceArns", instances);
        }
        more.put("reason", reason());
        return event("ERROR", "SERVICE_TASK_PLACEMENT_FAILURE", more);
    }

    /** The reason in the words that RunTask's failures have for it. */
    private String reason() {
        String message = said.message();
        Optional<String> named = ERROR.matcher(message).results().findFirst().map(found -> found.group(1));
        if (named.isPresent()) {
            return named.get();
        }
        if (message.contains("Capacity is unavailable")) {
            return "RESOURCE:FARGATE";
        }
        if (message.contains("insufficient CPU")) {
            return "RESOURCE:CPU";
        }
        if (message.contains("insufficient memory")) {
            return "RESOURCE:MEMORY";
        }
        if (message.contains("already using a port")) {
            return "RESOURCE:PORTS";
        }
        if (message.contains("missing an attribute")) {
            return "ATTRIBUTE";
        }
        int at = message.indexOf("Reason: ");
        int end = message.indexOf(" For more information,");
        return at < 0 ? message : message.substring(at + "Reason: ".length(), end < at ? message.length() : end);
    }

    private LinkedHashMap<String, Object> providers() {
        Scope scope = Scope.of(service.serviceArn());
        var more = new LinkedHashMap<String, Object>();
        more.put("capacityProviderArns", service.capacityProviderStrategy().stream()
                .map(CapacityProviderStrategyItem::capacityProvider)
                .map(name -> name.startsWith("arn:") ? name : scope.arn("capacity-provider/" + name))
                .toList());
        return more;
    }

    private LinkedHashMap<String, Object> tasks() {
        String prefix = service.clusterArn().replace(":cluster/", ":task/") + "/";
        var more = new LinkedHashMap<String, Object>();
        more.put("taskArns", TASK.matcher(said.message()).results().map(found -> prefix + found.group(1)).toList());
        return more;
    }

    private String instance(MatchResult found) {
        return found.group(1).startsWith("arn:") ? found.group(1)
                : service.clusterArn().replace(":cluster/", ":container-instance/") + "/" + found.group(1);
    }

    private EcsEvent event(String type, String name, LinkedHashMap<String, Object> more) {
        var detail = new LinkedHashMap<String, Object>();
        detail.put("eventType", type);
        detail.put("eventName", name);
        detail.put("clusterArn", service.clusterArn());
        detail.putAll(more);
        detail.put("createdAt", said.createdAt());
        return new EcsEvent(EcsEvent.SERVICE, service.serviceArn(), said.createdAt(), EventJson.write(detail));
    }
}
