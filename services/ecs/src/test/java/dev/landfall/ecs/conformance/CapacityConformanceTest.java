package dev.landfall.ecs.conformance;

import static dev.landfall.ecs.conformance.Row.refuses;
import static dev.landfall.ecs.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.World;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.CapacityProvider;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStatus;
import software.amazon.awssdk.services.ecs.model.CapacityProviderUpdateStatus;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ManagedDraining;
import software.amazon.awssdk.services.ecs.model.UnsupportedFeatureException;
import software.amazon.awssdk.services.ecs.model.UpdateInProgressException;

class CapacityConformanceTest {
    private static final Class<InvalidParameterException> INVALID = InvalidParameterException.class;
    private static final String MISSING =
            "The specified capacity provider does not exist. Specify a valid name or ARN and try again.";
    private static final String RESERVED = "The specified capacity provider is reserved and cannot be changed or "
            + "deleted. Specify a capacity provider that uses an Auto Scaling group and try again.";
    private static final String MANAGED = "Capacity providers of Amazon ECS Managed Instances are not supported.";

    static List<Row> rows() {
        return Row.all(List.of(create(), createRefusals(), update(), delete(), describe(), associations()));
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    private static List<Row> create() {
        String action = "CreateCapacityProvider";
        return List.of(
                works(action, "answers the provider", on -> on.ecs().createCapacityProvider(request -> request
                        .name("cp").autoScalingGroupProvider(group -> group.autoScalingGroupArn("asg"))), answer -> {
                            CapacityProvider made = answer.capacityProvider();
                            assertThat(made.capacityProviderArn()).isEqualTo(World.ARN + "capacity-provider/cp");
                            assertThat(made.status()).isEqualTo(CapacityProviderStatus.ACTIVE);
                            assertThat(made.autoScalingGroupProvider().managedScaling().targetCapacity())
                                    .isEqualTo(100);
                            assertThat(made.autoScalingGroupProvider().managedDraining())
                                    .isEqualTo(ManagedDraining.ENABLED);
                        }),
                works(action, "takes the name of one that was deleted", on -> {
                    on.capacityProvider("cp");
                    on.ecs().deleteCapacityProvider(request -> request.capacityProvider("cp"));
                    on.settled("cp");
                    return on.ecs().createCapacityProvider(request -> request.name("cp")
                            .autoScalingGroupProvider(group -> group.autoScalingGroupArn("cp")));
                }, answer -> assertThat(answer.capacityProvider().updateStatus()).isNull()));
    }

    private static List<Row> createRefusals() {
        String action = "CreateCapacityProvider";
        return List.of(
                refuses(action, "a name of AWS's own", ClientException.class, "The specified capacity provider name is "
                        + "invalid. Up to 255 characters are allowed, including letters (upper and lowercase), "
                        + "numbers, underscores, and hyphens. The name cannot be prefixed with \"aws\", \"ecs\", or "
                        + "\"fargate\". Specify a valid name and try again.",
                        on -> on.ecs().createCapacityProvider(request -> request.name("ecs-1")
                                .autoScalingGroupProvider(group -> group.autoScalingGroupArn("asg")))),
                refuses(action, "one that is there", ClientException.class, "The specified capacity provider already "
                        + "exists. To change the configuration of an existing capacity provider, update the capacity "
                        + "provider.", on -> {
                            on.capacityProvider("cp");
                            return on.ecs().createCapacityProvider(request -> request.name("cp")
                                    .autoScalingGroupProvider(group -> group.autoScalingGroupArn("asg")));
                        }),
                refuses(action, "a group that another has", ClientException.class, "The specified Auto Scaling group "
                        + "ARN is already being used by another capacity provider. Specify a unique Auto Scaling "
                        + "group ARN and try again.", on -> {
                            on.capacityProvider("cp");
                            return on.ecs().createCapacityProvider(request -> request.name("other")
                                    .autoScalingGroupProvider(group -> group.autoScalingGroupArn("cp")));
                        }),
                refuses(action, "managed instances", UnsupportedFeatureException.class, MANAGED,
                        on -> on.ecs().createCapacityProvider(request -> request.name("cp")
                                .managedInstancesProvider(with -> with.infrastructureRoleArn("r")))),
                refuses(action, "a cluster for a group", INVALID,
                        "A cluster can only be specified for a capacity provider of Amazon ECS Managed Instances.",
                        on -> on.ecs().createCapacityProvider(request -> request.name("cp").cluster("default")
                                .autoScalingGroupProvider(group -> group.autoScalingGroupArn("asg")))),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().createCapacityProvider(request -> request.name("cp").cluster("no")
                                .autoScalingGroupProvider(group -> group.autoScalingGroupArn("asg")))));
    }

    private static List<Row> update() {
        String action = "UpdateCapacityProvider";
        return List.of(
                works(action, "answers what was, and brings what is to be", on -> {
                    on.capacityProvider("cp");
                    var answer = on.ecs().updateCapacityProvider(request -> request.name("cp")
                            .autoScalingGroupProvider(group -> group.managedDraining("DISABLED")));
                    CapacityProvider settled = on.settled("cp");
                    assertThat(settled.updateStatus()).isEqualTo(CapacityProviderUpdateStatus.UPDATE_COMPLETE);
                    assertThat(settled.autoScalingGroupProvider().managedDraining())
                            .isEqualTo(ManagedDraining.DISABLED);
                    on.ecs().updateCapacityProvider(request -> request.name("cp")
                            .autoScalingGroupProvider(group -> group.managedDraining("DISABLED")));
                    return answer;
                }, answer -> {
                    assertThat(answer.capacityProvider().updateStatus())
                            .isEqualTo(CapacityProviderUpdateStatus.UPDATE_IN_PROGRESS);
                    assertThat(answer.capacityProvider().autoScalingGroupProvider().managedDraining())
                            .isEqualTo(ManagedDraining.ENABLED);
                }),
                refuses(action, "one that is not there", ClientException.class, MISSING,
                        on -> on.ecs().updateCapacityProvider(request -> request.name("cp"))),
                refuses(action, "a built-in one", ClientException.class, RESERVED,
                        on -> on.ecs().updateCapacityProvider(request -> request.name("FARGATE"))),
                refuses(action, "no name", INVALID, "Capacity provider cannot be empty.",
                        on -> on.ecs().updateCapacityProvider(request -> { })),
                refuses(action, "managed instances", UnsupportedFeatureException.class, MANAGED, on -> {
                    on.capacityProvider("cp");
                    return on.ecs().updateCapacityProvider(request -> request.name("cp")
                            .managedInstancesProvider(with -> with.infrastructureRoleArn("r")));
                }),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().updateCapacityProvider(request -> request.name("cp").cluster("no"))));
    }

    private static List<Row> delete() {
        String action = "DeleteCapacityProvider";
        return List.of(
                works(action, "begins the end of it", on -> {
                    on.capacityProvider("cp");
                    on.capacityProvider("another");
                    on.ecs().deleteCapacityProvider(request -> request.capacityProvider("cp"));
                    assertThat(on.settled("cp").status()).isEqualTo(CapacityProviderStatus.INACTIVE);
                    assertThat(on.settled("cp").updateStatus()).isEqualTo(CapacityProviderUpdateStatus.DELETE_COMPLETE);
                    return on.ecs().deleteCapacityProvider(request -> request.capacityProvider("another"));
                }, answer -> assertThat(answer.capacityProvider().updateStatus())
                        .isEqualTo(CapacityProviderUpdateStatus.DELETE_IN_PROGRESS)),
                works(action, "fails later for one that a cluster has", on -> {
                    on.capacityProvider("cp");
                    on.ecs().createCluster(request -> request.clusterName("c").capacityProviders("cp"));
                    on.ecs().deleteCapacityProvider(request -> request.capacityProvider("cp"));
                    CapacityProvider settled = on.settled("cp");
                    assertThat(settled.status()).isEqualTo(CapacityProviderStatus.ACTIVE);
                    assertThat(settled.updateStatus()).isEqualTo(CapacityProviderUpdateStatus.DELETE_FAILED);
                    assertThat(settled.updateStatusReason()).isEqualTo("The capacity provider cannot be deleted "
                            + "because it is associated with cluster: c. Remove the capacity provider from the "
                            + "cluster and try again.");
                    return on.ecs().deleteCapacityProvider(request -> request.capacityProvider("cp"));
                }, answer -> { }),
                refuses(action, "one that was deleted", ClientException.class, MISSING, on -> {
                    on.capacityProvider("cp");
                    on.ecs().deleteCapacityProvider(request -> request.capacityProvider("cp"));
                    on.settled("cp");
                    return on.ecs().deleteCapacityProvider(request -> request.capacityProvider("cp"));
                }),
                refuses(action, "a built-in one", ClientException.class, RESERVED,
                        on -> on.ecs().deleteCapacityProvider(request -> request.capacityProvider("FARGATE_SPOT"))),
                refuses(action, "no name", INVALID, "Capacity provider cannot be empty.",
                        on -> on.ecs().deleteCapacityProvider(request -> request.capacityProvider(" "))),
                refuses(action, "one that is being updated", UpdateInProgressException.class, "The specified capacity "
                        + "provider is in a busy state. The update of the capacity provider must be complete before "
                        + "it can be deleted. Wait and try again.", on -> {
                            on.still().capacityProvider("cp");
                            on.ecs().updateCapacityProvider(request -> request.name("cp")
                                    .autoScalingGroupProvider(group -> group.managedDraining("DISABLED")));
                            return on.ecs().deleteCapacityProvider(request -> request.capacityProvider("cp"));
                        }),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().deleteCapacityProvider(r -> r.capacityProvider("cp").cluster("no"))));
    }

    private static List<Row> describe() {
        String action = "DescribeCapacityProviders";
        return List.of(
                works(action, "shows all, the built-in ones too", on -> {
                    on.capacityProvider("cp");
                    return on.ecs().describeCapacityProviders(request -> { });
                }, answer -> assertThat(answer.capacityProviders()).extracting(CapacityProvider::name)
                        .containsExactly("FARGATE", "FARGATE_SPOT", "cp")),
                works(action, "shows those of a cluster", on -> {
                    on.capacityProvider("cp");
                    on.capacityProvider("other");
                    on.ecs().createCluster(request -> request.clusterName("c").capacityProviders("cp", "FARGATE"));
                    return on.ecs().describeCapacityProviders(request -> request.cluster("c"));
                }, answer -> assertThat(answer.capacityProviders()).extracting(CapacityProvider::name)
                        .containsExactly("FARGATE", "cp")),
                works(action, "tells what is missing", on -> on.ecs().describeCapacityProviders(request ->
                        request.capacityProviders("cp")), answer -> {
                            assertThat(answer.capacityProviders()).isEmpty();
                            assertThat(answer.failures()).singleElement().satisfies(failure -> {
                                assertThat(failure.arn()).isEqualTo(World.ARN + "capacity-provider/cp");
                                assertThat(failure.reason()).isEqualTo("MISSING");
                            });
                        }),
                refuses(action, "101 names", INVALID, "Capacity providers can have at most 100 items.",
                        on -> on.ecs().describeCapacityProviders(request -> request.capacityProviders(
                                IntStream.range(0, 101).mapToObj(i -> "cp" + i).toList()))),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().describeCapacityProviders(request -> request.cluster("no"))));
    }

    private static List<Row> associations() {
        String action = "PutClusterCapacityProviders";
        return List.of(
                works(action, "begins to attach what the provider needs", on -> {
                    on.still().capacityProvider("cp");
                    return on.ecs().putClusterCapacityProviders(request -> request.cluster("default")
                            .capacityProviders("cp").defaultCapacityProviderStrategy(List.of()));
                }, answer -> {
                    assertThat(answer.cluster().attachmentsStatus()).isEqualTo("UPDATE_IN_PROGRESS");
                    assertThat(answer.cluster().attachments()).singleElement().satisfies(attachment -> {
                        assertThat(attachment.type()).isEqualTo("managed_draining");
                        assertThat(attachment.status()).isEqualTo("PRECREATED");
                    });
                }),
                refuses(action, "a cluster whose attachments are changing", UpdateInProgressException.class,
                        "The specified cluster is in a busy state. Cluster attachments must be in UPDATE_COMPLETE or "
                                + "UPDATE_FAILED state before they can be updated. Wait and try again.", on -> {
                            on.still().capacityProvider("cp");
                            for (int i = 0; i < 2; i++) {
                                on.ecs().putClusterCapacityProviders(request -> request.cluster("default")
                                        .capacityProviders("cp").defaultCapacityProviderStrategy(List.of()));
                            }
                            throw new AssertionError("the second was answered");
                        }));
    }
}
