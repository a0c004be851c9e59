package dev.landfall.ecs.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.World;
import dev.landfall.ecs.deployment.DescribeServiceRevisions;
import dev.landfall.ecs.deployment.PinnedImages;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerImage;
import software.amazon.awssdk.services.ecs.model.DescribeServiceRevisionsRequest;
import software.amazon.awssdk.services.ecs.model.VersionConsistency;

/** All tasks of a deployment run the images that the first of them was given. */
class PinnedImagesTest {
    private final World world = new World();

    @BeforeEach
    void aService() {
        world.instance(100_000);
        world.definition(request -> request.containerDefinitions(World.container("app"),
                World.container("loose").toBuilder().versionConsistency(VersionConsistency.DISABLED).build(),
                World.container("local")));
        world.createService(request -> request.desiredCount(1));
        world.reconcile("svc");
    }

    private void runs(String taskArn, String digest) {
        world.report(taskArn, request -> request.status("RUNNING").containers(
                world.changes(taskArn, "RUNNING", null).stream()
                        .map(each -> each.containerName().equals("local") ? each
                                : each.toBuilder().imageDigest(digest).build()).toList()));
    }

    private List<ContainerImage> images() {
        var request = DescribeServiceRevisionsRequest.builder().serviceRevisionArns(
                world.service("svc").currentServiceRevisions().getFirst().arn()).build();
        return DescribeServiceRevisions.read(world.image(), request, World.SCOPE)
                .serviceRevisions().getFirst().containerImages();
    }

    @Test
    void theFirstTaskSaysWhichImagesTheOthersRun() {
        assertThat(images()).extracting(ContainerImage::containerName).containsExactly("app", "loose", "local");
        assertThat(images()).extracting(ContainerImage::imageDigest).containsOnlyNulls();
        runs(world.live("svc").getFirst().arn(), "sha256:1");
        assertThat(images()).extracting(ContainerImage::imageDigest).containsExactly("sha256:1", null, null);
        assertThat(images()).extracting(ContainerImage::image).containsOnly("busybox");

        world.updateService(request -> request.desiredCount(2));
        world.reconcile("svc");
        var second = world.live("svc").stream().filter(task -> !task.running()).findFirst().orElseThrow();
        assertThat(second.task().containers()).extracting(Container::imageDigest)
                .containsExactly("sha256:1", null, null);
        runs(second.arn(), "sha256:2");
        assertThat(images()).extracting(ContainerImage::imageDigest).containsExactly("sha256:1", null, null);
    }

    @Test
    void aNewDeploymentLooksAtTheTagsAgain() {
        runs(world.live("svc").getFirst().arn(), "sha256:1");
        world.updateService(request -> request.forceNewDeployment(true));
        assertThat(images()).extracting(ContainerImage::imageDigest).containsOnlyNulls();
        world.reconcile("svc");
        runs(world.live("svc").stream().filter(task -> !task.running()).findFirst().orElseThrow().arn(), "sha256:2");
        assertThat(images()).extracting(ContainerImage::imageDigest).containsExactly("sha256:2", null, null);
    }

    @ParameterizedTest
    @CsvSource({
        "busybox, busybox@sha256:1",
        "busybox:1.36, busybox@sha256:1",
        "registry:5000/app, registry:5000/app@sha256:1",
        "registry:5000/team/app:v1, registry:5000/team/app@sha256:1",
        "app@sha256:0, app@sha256:0",
    })
    void anImageByDigest(String image, String reference) {
        assertThat(PinnedImages.reference(image, "sha256:1")).isEqualTo(reference);
    }
}
