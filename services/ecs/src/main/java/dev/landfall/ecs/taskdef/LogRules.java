package dev.landfall.ecs.taskdef;

import static dev.landfall.ecs.taskdef.ContainerRules.invalid;
import static dev.landfall.ecs.taskdef.TaskRules.isBlank;
import static dev.landfall.ecs.taskdef.TaskRules.refuseWhen;

import java.util.List;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.FirelensConfigurationType;
import software.amazon.awssdk.services.ecs.model.LogConfiguration;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** The rules for where containers log to. */
final class LogRules {
    private static final List<String> AWSLOGS = List.of("awslogs-region", "awslogs-group");
    private static final List<String> SPLUNK = List.of("splunk-url", "splunk-token");

    private LogRules() {}

    static void require(ContainerDefinition container) {
        LogConfiguration log = container.logConfiguration();
        if (log != null) {
            refuseWhen(log.logDriverAsString() == null || log.logDriver() == LogDriver.UNKNOWN_TO_SDK_VERSION,
                    invalid(container, "The valid values for 'logDriver' are: awslogs, fluentd, gelf, json-file, "
                            + "journald, splunk, syslog, awsfirelens"));
            log.secretOptions().forEach(secret ->
                    refuseWhen(isBlank(secret.name()) || isBlank(secret.valueFrom()),
                            invalid(container, "A secret option must have a 'name' and a 'valueFrom'.")));
            if (log.logDriver() == LogDriver.AWSLOGS) {
                requireOptions(log, AWSLOGS);
            } else if (log.logDriver() == LogDriver.SPLUNK) {
                requireOptions(log, SPLUNK);
            }
        }
        if (container.firelensConfiguration() != null) {
            FirelensConfigurationType type = container.firelensConfiguration().type();
            refuseWhen(type == null || type == FirelensConfigurationType.UNKNOWN_TO_SDK_VERSION,
                    invalid(container, "The valid values for the type of a FireLens configuration are: "
                            + "fluentd, fluentbit"));
        }
    }

    /** A secret may stand for an option. */
    private static void requireOptions(LogConfiguration log, List<String> required) {
        boolean complete = required.stream().allMatch(option -> !isBlank(log.options().get(option))
                || log.secretOptions().stream().anyMatch(secret -> option.equals(secret.name())));
        refuseWhen(!complete, "Log driver " + log.logDriverAsString() + " requires options: "
                + String.join(", ", required));
    }

    /** The awsfirelens driver and the container that routes its logs need each other. */
    static void requireRouter(TaskDefinition task) {
        long routers = task.containerDefinitions().stream()
                .filter(container -> container.firelensConfiguration() != null).count();
        boolean routed = task.containerDefinitions().stream().anyMatch(container ->
                container.logConfiguration() != null
                        && container.logConfiguration().logDriver() == LogDriver.AWSFIRELENS);
        refuseWhen(routers > 1, "Only one container in a task definition can have a firelensConfiguration object.");
        refuseWhen(routers == 1 && !routed, "When a firelensConfiguration object is specified, at least one container "
                + "has to be configured with the awsfirelens log driver.");
        refuseWhen(routers == 0 && routed, "When the awsfirelens log driver is specified, one container has to be "
                + "configured with a firelensConfiguration object.");
    }
}
