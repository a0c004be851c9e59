package dev.landfall.ecs.deployment;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.taskdef.TaskDefinitions;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerImage;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.VersionConsistency;

/**
 * Which images a service revision uses: the digests that the first of its tasks was given for its tags, which all later
 * tasks get too (ECS Developer Guide, Container image resolution). A container may be left out of it; an image that
 * came from no registry has no digest.
 */
public final class PinnedImages {
    private PinnedImages() {}

    /** The images of a revision of which no task has run yet. */
    static List<ContainerImage> unresolved(Image image, Deployment deployment) {
        return TaskDefinitions.byArn(image, deployment.taskDefinition()).stream()
                .flatMap(row -> row.definition().containerDefinitions().stream())
                .map(each -> ContainerImage.builder().containerName(each.name()).image(each.image())
                        .imageDigest(digest(each.image()).orElse(null)).build())
                .toList();
    }

    private static Optional<String> digest(String image) {
        int at = image == null ? -1 : image.indexOf('@');
        return at < 0 ? Optional.empty() : Optional.of(image.substring(at + 1));
    }

    /** A new task of a deployment with the digests that its containers have to use. */
    public static Task pinned(Image image, Task task, String serviceArn, String deploymentId) {
        List<ContainerImage> known = revision(image, serviceArn, deploymentId)
                .map(row -> row.revision().containerImages().stream()
                        .filter(each -> each.imageDigest() != null).toList())
                .orElse(List.of());
        return known.isEmpty() ? task : task.toBuilder()
                .containers(task.containers().stream().map(each -> pinned(each, known)).toList()).build();
    }

    private static Container pinned(Container container, List<ContainerImage> known) {
        return known.stream().filter(each -> each.containerName().equals(container.name())).findFirst()
                .map(each -> container.toBuilder().imageDigest(each.imageDigest()).build()).orElse(container);
    }

    private static Optional<ServiceRevisionRow> revision(Image image, String serviceArn, String deploymentId) {
        return serviceArn.isEmpty() || deploymentId.isEmpty() ? Optional.empty() : image.get(
                EcsTables.SERVICE_REVISIONS, ServiceDeployments.revisionArn(serviceArn, deploymentId));
    }

    /** Notes the digests that a task of a service was given, if it is the first to say. */
    public static void note(Draft draft, TaskRow task) {
        if (task.task().containers().stream().noneMatch(each -> each.imageDigest() != null)) {
            return;
        }
        revision(draft.image(), task.serviceArn(), task.deploymentId()).ifPresent(row -> {
            List<ContainerImage> known = row.revision().containerImages();
            List<ContainerImage> next = known.stream().map(each -> resolved(draft.image(), each, task)).toList();
            if (!next.equals(known)) {
                draft.put(EcsTables.SERVICE_REVISIONS,
                        row.with(row.revision().toBuilder().containerImages(next).build()));
            }
        });
    }

    private static ContainerImage resolved(Image image, ContainerImage known, TaskRow task) {
        if (known.imageDigest() != null) {
            return known;
        }
        return task.task().containers().stream()
                .filter(each -> each.name().equals(known.containerName()) && each.imageDigest() != null)
                .filter(each -> consistent(image, task, each))
                .map(each -> known.toBuilder().imageDigest(each.imageDigest()).build())
                .findFirst().orElse(known);
    }

    private static boolean consistent(Image image, TaskRow task, Container container) {
        return TaskDefinitions.byArn(image, task.task().taskDefinitionArn())
                .map(row -> row.definition()).stream()
                .map(TaskDefinition::containerDefinitions).flatMap(List::stream)
                .filter(each -> each.name().equals(container.name()))
                .map(ContainerDefinition::versionConsistency)
                .noneMatch(VersionConsistency.DISABLED::equals);
    }

    /** {@code repository@sha256:…} for an image by tag. */
    public static String reference(String image, String digest) {
        if (image.indexOf('@') >= 0) {
            return image;
        }
        int tag = image.indexOf(':', image.lastIndexOf('/') + 1);
        return (tag < 0 ? image : image.substring(0, tag)) + '@' + digest;
    }
}
