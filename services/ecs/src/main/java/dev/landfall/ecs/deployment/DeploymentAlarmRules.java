package dev.landfall.ecs.deployment;

import dev.landfall.ecs.EcsErrors;
import software.amazon.awssdk.services.ecs.model.DeploymentAlarms;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;

/** What is demanded of the alarms that fail a deployment. */
public final class DeploymentAlarmRules {
    private DeploymentAlarmRules() {}

    public static boolean enabled(DeploymentConfiguration configuration) {
        return configuration.alarms() != null && Boolean.TRUE.equals(configuration.alarms().enable());
    }

    public static boolean rollsBack(DeploymentConfiguration configuration) {
        return enabled(configuration) && Boolean.TRUE.equals(configuration.alarms().rollback());
    }

    /** Enabled alarms need names. */
    public static void check(DeploymentAlarms alarms) {
        if (Boolean.TRUE.equals(alarms.enable()) && alarms.alarmNames().isEmpty()) {
            throw EcsErrors.invalidParameter("alarmNames cannot be empty when deployment alarms are enabled.");
        }
        if (alarms.alarmNames().stream().anyMatch(String::isBlank)) {
            throw EcsErrors.invalidParameter("Alarm name cannot be blank.");
        }
    }
}
