package dev.landfall.ecs.deployment;

import dev.landfall.ecs.EcsTables;
import java.time.Instant;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;

/**
 * A service deployment as the API shows it, without what is counted while it goes on, and what the scheduler remembers
 * of its course. Moments that have not come are the epoch.
 *
 * @param proven whether a task of the revision being deployed has stayed up: the circuit breaker's second stage
 * @param healthySince since when as many tasks as desired are healthy, without a break
 * @param bakingSince since when nothing but the bake time is missing
 * @param unplacedAt when a task that found no place was last counted as a failure
 * @param alarmSeconds how long the deployment's alarms take to go off, which is its bake time
 */
public record ServiceDeploymentRow(
        ServiceDeployment deployment,
        boolean proven,
        Instant healthySince,
        Instant bakingSince,
        Instant unplacedAt,
        int alarmSeconds) {

    /** Sorts by service, then by age. */
    public String key() {
        return EcsTables.serviceDeploymentKey(deployment.serviceArn(), deployment.createdAt(),
                deployment.serviceDeploymentArn());
    }

    public String arn() {
        return deployment.serviceDeploymentArn();
    }

    public boolean ongoing() {
        return ServiceDeploymentLife.ongoing(deployment.status());
    }

    public boolean is(ServiceDeploymentStatus status) {
        return deployment.status() == status;
    }

    public ServiceDeploymentRow with(ServiceDeployment next) {
        return new ServiceDeploymentRow(next, proven, healthySince, bakingSince, unplacedAt, alarmSeconds);
    }

    public ServiceDeploymentRow withProven() {
        return new ServiceDeploymentRow(deployment, true, healthySince, bakingSince, unplacedAt, alarmSeconds);
    }

    public ServiceDeploymentRow withHealthySince(Instant moment) {
        return new ServiceDeploymentRow(deployment, proven, moment, bakingSince, unplacedAt, alarmSeconds);
    }

    public ServiceDeploymentRow withBakingSince(Instant moment) {
        return new ServiceDeploymentRow(deployment, proven, healthySince, moment, unplacedAt, alarmSeconds);
    }

    public ServiceDeploymentRow withUnplacedAt(Instant moment) {
        return new ServiceDeploymentRow(deployment, proven, healthySince, bakingSince, moment, alarmSeconds);
    }

    public ServiceDeploymentRow withAlarmSeconds(int seconds) {
        return new ServiceDeploymentRow(deployment, proven, healthySince, bakingSince, unplacedAt, seconds);
    }

    /** A service deployment that has just begun. */
    static ServiceDeploymentRow begun(ServiceDeployment deployment) {
        return new ServiceDeploymentRow(deployment, false, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, 0);
    }

    /** The same course begun anew, for the revision that is rolled back to. */
    public ServiceDeploymentRow restarted(ServiceDeployment next) {
        return begun(next);
    }
}
