package dev.landfall.ecs.deployment;

import software.amazon.awssdk.services.ecs.model.ServiceRevision;

/** What one deployment of a service was made of; only the digests of its images come to be known later. */
public record ServiceRevisionRow(ServiceRevision revision) {
    public String arn() {
        return revision.serviceRevisionArn();
    }

    public ServiceRevisionRow with(ServiceRevision next) {
        return new ServiceRevisionRow(next);
    }
}
