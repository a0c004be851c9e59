package dev.landfall.ecs.service;

import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;

/**
 * A service as the API shows it, without the counts, and its scheduler's memory. Deployments stand in it, newest first.
 *
 * @param events newest first, at most 100
 * @param failedStarts tasks of the primary deployment that stopped without having run, since the last that did
 * @param notBefore no task is started before this moment; the epoch when nothing holds it back
 * @param steady whether the steady state that holds now has been announced
 * @param createToken the client token it was created with, or empty
 */
public record ServiceRow(
        Service service,
        List<ServiceEvent> events,
        int failedStarts,
        Instant notBefore,
        boolean steady,
        String createToken) {
    public String arn() {
        return service.serviceArn();
    }
}
