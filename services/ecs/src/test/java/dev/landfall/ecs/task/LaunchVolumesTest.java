package dev.landfall.ecs.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.World;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ServiceManagedEBSVolumeConfiguration;
import software.amazon.awssdk.services.ecs.model.ServiceVolumeConfiguration;
import software.amazon.awssdk.services.ecs.model.TaskFilesystemType;

@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class LaunchVolumesTest {
    private static final String ROLE = "arn:aws:iam::123456789012:role/ecsInfrastructureRole";

    private final World world = new World();

    @BeforeEach
    void definitions() {
        world.definition(request -> request.family("disk").volumes(v -> v.name("data").configuredAtLaunch(true)));
        world.definition("web");
        world.instance(100_000, "default", request -> {
            var attributes = new ArrayList<>(request.build().attributes());
            attributes.add(World.attribute("ecs.capability.storage.ebs-task-volume-attach", null));
            request.attributes(attributes);
        });
    }

    private static ServiceVolumeConfiguration volume(Consumer<ServiceManagedEBSVolumeConfiguration.Builder> change) {
        var managed = ServiceManagedEBSVolumeConfiguration.builder().roleArn(ROLE).sizeInGiB(10);
        change.accept(managed);
        return ServiceVolumeConfiguration.builder().name("data").managedEBSVolume(managed.build()).build();
    }

    @Test
    void aServiceShowsItsVolumesAndKeepsThem() {
        var ten = volume(each -> each.filesystemType(TaskFilesystemType.EXT4).tagSpecifications(
                tags -> tags.resourceType("volume").tags(tag -> tag.key("k").value("v"))));
        world.createService(request -> request.taskDefinition("disk").volumeConfigurations(ten));
        assertThat(world.settle("svc").deployments().getFirst().volumeConfigurations()).containsExactly(ten);

        String first = world.service("svc").deployments().getFirst().id();
        world.updateService(request -> request.desiredCount(1));
        assertThat(world.service("svc").deployments().getFirst().id()).isEqualTo(first);
        world.updateService(request -> request.forceNewDeployment(true));
        assertThat(world.settle("svc").deployments().getFirst().volumeConfigurations()).containsExactly(ten);

        var twenty = volume(each -> each.sizeInGiB(20));
        String second = world.service("svc").deployments().getFirst().id();
        world.updateService(request -> request.volumeConfigurations(twenty));
        assertThat(world.settle("svc").deployments()).singleElement().satisfies(deployment -> {
            assertThat(deployment.id()).isNotEqualTo(second);
            assertThat(deployment.volumeConfigurations()).containsExactly(twenty);
        });
        assertThatThrownBy(() -> world.updateService(request -> request.volumeConfigurations(List.of())))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("The volume data of the task definition must be configured");
        world.updateService(request -> request.taskDefinition("web").volumeConfigurations(List.of()));
        assertThat(world.settle("svc").deployments().getFirst().volumeConfigurations()).isEmpty();
    }

    @Test
    void aTaskHasItsVolume() {
        assertThat(world.runTask(request -> request.taskDefinition("disk").volumeConfigurations(each -> each
                .name("data").managedEBSVolume(ebs -> ebs.roleArn(ROLE).sizeInGiB(1)
                        .terminationPolicy(policy -> policy.deleteOnTermination(true))))).tasks()).hasSize(1);
        assertThatThrownBy(() -> world.runTask(request -> request.taskDefinition("disk")))
                .isInstanceOf(InvalidParameterException.class).hasMessageContaining("must be configured");
        assertThatThrownBy(() -> world.runTask(request -> request.taskDefinition("disk").volumeConfigurations(each ->
                each.name("data").managedEBSVolume(ebs -> ebs.roleArn(ROLE).sizeInGiB(1)
                        .terminationPolicy(policy -> policy.deleteOnTermination(false))))))
                .isInstanceOf(InvalidParameterException.class).hasMessageContaining("deleteOnTermination");
    }

    @ParameterizedTest(name = "{0} of {1} GiB, {2} operations")
    @CsvSource(nullValues = "-", value = {
        "-, 1, -, true", "-, 16384, -, true", "-, 0, -, false", "-, 16385, -, false", "-, -, -, false",
        "gp2, 1, -, true", "gp2, 1, 100, false",
        "gp3, 1, 3000, true", "gp3, 1, 2999, false", "gp3, 1, 16000, true", "gp3, 1, 16001, false",
        "io1, 4, 100, true", "io1, 3, 100, false", "io1, 4, -, false", "io1, 4, 64000, true", "io1, 4, 64001, false",
        "io2, 4, 256000, true", "io2, 4, 256001, false", "io2, 4, 99, false",
        "st1, 125, -, true", "st1, 124, -, false", "st1, 125, 100, false",
        "sc1, 16384, -, true", "sc1, 124, -, false",
        "standard, 1024, -, true", "standard, 1025, -, false", "standard, 1, 100, false",
        "floppy, 1, -, false",
    })
    void sizesAndOperationsAreThoseOfTheType(String type, Integer size, Integer iops, boolean fine) {
        var volume = volume(each -> each.volumeType(type).sizeInGiB(size).iops(iops));
        if (fine) {
            assertThatCode(() -> create(volume)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> create(volume)).isInstanceOf(InvalidParameterException.class);
        }
    }

    private void create(ServiceVolumeConfiguration... volumes) {
        world.createService(request -> request.taskDefinition("disk").volumeConfigurations(volumes));
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("role", each -> each.roleArn(null), "roleArn is required"),
                refusal("snapshot", each -> each.snapshotId("snap-1"), "The snapshot 'snap-1' does not exist."),
                refusal("rate", each -> each.volumeInitializationRate(100), "only if you specify a snapshotId"),
                refusal("encryption", each -> each.encrypted(true), "does not encrypt"),
                refusal("key", each -> each.kmsKeyId("key"), "does not encrypt"),
                refusal("throughput", each -> each.throughput(1_001), "throughput should be between"),
                refusal("throughput of gp2", each -> each.volumeType("gp2").throughput(125), "only supported for"),
                refusal("Windows", each -> each.filesystemType(TaskFilesystemType.NTFS), "filesystemType"),
                refusal("tags", each -> each.tagSpecifications(tags -> tags.resourceType("task")), "resourceType"));
    }

    private static Arguments refusal(
            String what, Consumer<ServiceManagedEBSVolumeConfiguration.Builder> change, String message) {
        return Arguments.argumentSet(what, change, message);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses(Consumer<ServiceManagedEBSVolumeConfiguration.Builder> change, String message) {
        assertThatThrownBy(() -> create(volume(change))).isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesOtherVolumesThanTheDefinitionHas() {
        var other = volume(each -> { }).toBuilder().name("other").build();
        assertThatThrownBy(() -> create(volume(each -> { }), other)).isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("The volume other is not a volume of the task definition");
        assertThatThrownBy(() -> create(volume(each -> { }), volume(each -> { })))
                .isInstanceOf(InvalidParameterException.class).hasMessageContaining("more than once");
        assertThatThrownBy(() -> create(ServiceVolumeConfiguration.builder().name("data").build()))
                .isInstanceOf(InvalidParameterException.class).hasMessageContaining("managedEBSVolume is required");
    }
}
