package dev.landfall.ecs.conformance;

import static dev.landfall.ecs.conformance.Row.refuses;
import static dev.landfall.ecs.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.World;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterContainsContainerInstancesException;
import software.amazon.awssdk.services.ecs.model.ClusterContainsServicesException;
import software.amazon.awssdk.services.ecs.model.ClusterContainsTasksException;
import software.amazon.awssdk.services.ecs.model.ClusterField;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ClusterSetting;
import software.amazon.awssdk.services.ecs.model.ClusterSettingName;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ResourceInUseException;
import software.amazon.awssdk.services.ecs.model.SettingName;
import software.amazon.awssdk.services.ecs.model.Tag;

class ClusterConformanceTest {
    private static final String NOT_ASSOCIATED = "The specified capacity provider strategy cannot contain a capacity "
            + "provider that is not associated with the cluster. Associate the capacity provider with the cluster and "
            + "try again.";

    static List<Row> rows() {
        return Row.all(List.of(createCluster(), createClusterRefusals(), describeClusters(), listClusters(),
                updateCluster(), updateClusterSettings(), putClusterCapacityProviders(), deleteCluster(),
                deleteClusterRefusals()));
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    private static ClusterSetting insights(String value) {
        return ClusterSetting.builder().name(ClusterSettingName.CONTAINER_INSIGHTS).value(value).build();
    }

    private static CapacityProviderStrategyItem item(String provider, Integer base, Integer weight) {
        return CapacityProviderStrategyItem.builder().capacityProvider(provider).base(base).weight(weight).build();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private static List<Row> createCluster() {
        String action = "CreateCluster";
        return List.of(
                works(action, "shows the defaults",
                        on -> on.ecs().createCluster(request -> request.clusterName("c")),
                        answer -> assertThat(answer.cluster()).isEqualTo(Cluster.builder()
                                .clusterArn(World.ARN + "cluster/c").clusterName("c").status("ACTIVE")
                                .registeredContainerInstancesCount(0).runningTasksCount(0).pendingTasksCount(0)
                                .activeServicesCount(0).statistics(List.of()).tags(List.of())
                                .settings(insights("disabled")).capacityProviders(List.of())
                                .defaultCapacityProviderStrategy(List.of()).build())),
                works(action, "without a name makes the cluster default",
                        on -> on.as("999999999999", "eu-central-1", there -> there.ecs().createCluster(r -> { })),
                        answer -> assertThat(answer.cluster().clusterArn())
                                .isEqualTo("arn:aws:ecs:eu-central-1:999999999999:cluster/default")),
                works(action, "repeated answers the cluster that is there", on -> {
                    on.ecs().createCluster(request -> request.clusterName("c").tags(tag("a", "1")));
                    return on.ecs().createCluster(request -> request.clusterName("c"));
                }, answer -> assertThat(answer.cluster().tags()).containsExactly(tag("a", "1"))),
                works(action, "takes the account's container insights", on -> {
                    on.ecs().putAccountSettingDefault(request -> request
                            .name(SettingName.CONTAINER_INSIGHTS).value("enhanced"));
                    return on.ecs().createCluster(request -> request.clusterName("c"));
                }, answer -> assertThat(answer.cluster().settings()).containsExactly(insights("enhanced"))),
                works(action, "keeps all it is told", on -> on.ecs().createCluster(request -> request.clusterName("c")
                        .settings(insights("enabled")).tags(tag("team", "a b"))
                        .capacityProviders("FARGATE", "FARGATE_SPOT")
                        .defaultCapacityProviderStrategy(item("FARGATE", 1, 2), item("FARGATE_SPOT", null, 3))
                        .configuration(it -> it.executeCommandConfiguration(exec -> exec.logging("OVERRIDE")
                                .logConfiguration(log -> log.cloudWatchLogGroupName("group"))))
                        .serviceConnectDefaults(it -> it.namespace("internal"))), answer -> {
                            assertThat(answer.cluster().settings()).containsExactly(insights("enabled"));
                            assertThat(answer.cluster().tags()).containsExactly(tag("team", "a b"));
                            assertThat(answer.cluster().defaultCapacityProviderStrategy()).containsExactly(
                                    item("FARGATE", 1, 2), item("FARGATE_SPOT", 0, 3));
                            assertThat(answer.cluster().configuration().executeCommandConfiguration()
                                    .logConfiguration().cloudWatchLogGroupName()).isEqualTo("group");
                            assertThat(answer.cluster().serviceConnectDefaults().namespace()).isEqualTo("internal");
                        }),
                works(action, "makes a deleted cluster anew", on -> {
                    on.ecs().createCluster(request -> request.clusterName("c").tags(tag("a", "1")));
                    on.ecs().deleteCluster(request -> request.cluster("c"));
                    return on.ecs().createCluster(request -> request.clusterName("c"));
                }, answer -> {
                    assertThat(answer.cluster().status()).isEqualTo("ACTIVE");
                    assertThat(answer.cluster().tags()).isEmpty();
                }));
    }

    private static List<Row> createClusterRefusals() {
        String action = "CreateCluster";
        Class<InvalidParameterException> invalid = InvalidParameterException.class;
        return List.of(
                refuses(action, "a name with a blank", invalid,
                        "Cluster name must match ^[a-zA-Z0-9\\-_]{1,255}$, but was a b",
                        on -> on.ecs().createCluster(request -> request.clusterName("a b"))),
                refuses(action, "a name of 256 characters", invalid,
                        "Cluster name must match ^[a-zA-Z0-9\\-_]{1,255}$, but was " + "a".repeat(256),
                        on -> on.ecs().createCluster(request -> request.clusterName("a".repeat(256)))),
                refuses(action, "an unknown capacity provider", invalid, "The specified capacity provider was not "
                        + "found. Specify a valid capacity provider and try again.",
                        on -> on.ecs().createCluster(request -> request.clusterName("c").capacityProviders("none"))),
                refuses(action, "a strategy of providers it does not have", invalid, NOT_ASSOCIATED,
                        on -> on.ecs().createCluster(request -> request.clusterName("c")
                                .defaultCapacityProviderStrategy(item("FARGATE", null, 1)))),
                refuses(action, "other providers under the same name", invalid, "Arguments on this idempotent request "
                        + "are inconsistent with arguments used in previous request(s).",
                        on -> on.ecs().createCluster(request -> request.capacityProviders("FARGATE"))),
                refuses(action, "an unknown setting's value", invalid, "Invalid setting 'value'",
                        on -> on.ecs().createCluster(request -> request.clusterName("c").settings(insights("loud")))),
                refuses(action, "51 tags", invalid, "A resource can have at most 50 tags.",
                        on -> on.ecs().createCluster(request -> request.clusterName("c").tags(Stream
                                .iterate(1, i -> i + 1).limit(51).map(i -> tag("k" + i, "v")).toList()))),
                refuses(action, "a tag of AWS's own", invalid,
                        "Tag keys that start with aws: are reserved and cannot be used.",
                        on -> on.ecs().createCluster(request -> request.clusterName("c").tags(tag("aws:a", "v")))),
                refuses(action, "exec logs without a destination", invalid, "A log configuration with an Amazon S3 "
                        + "bucket or a CloudWatch Logs group must be specified when logging is OVERRIDE.",
                        on -> on.ecs().createCluster(request -> request.clusterName("c").configuration(it -> it
                                .executeCommandConfiguration(exec -> exec.logging("OVERRIDE"))))));
    }

    private static List<Row> describeClusters() {
        String action = "DescribeClusters";
        return List.of(
                works(action, "without names shows default, and leaves out what was not asked for", on -> {
                    on.ecs().tagResource(request -> request.resourceArn(World.ARN + "cluster/default")
                            .tags(tag("a", "1")));
                    return on.ecs().describeClusters(request -> { });
                }, answer -> {
                    Cluster cluster = answer.clusters().getFirst();
                    assertThat(cluster.clusterName()).isEqualTo("default");
                    assertThat(cluster.tags()).isEmpty();
                    assertThat(cluster.settings()).isEmpty();
                    assertThat(cluster.statistics()).isEmpty();
                    assertThat(answer.failures()).isEmpty();
                }),
                works(action, "shows what was asked for", on -> {
                    on.ecs().tagResource(request -> request.resourceArn(World.ARN + "cluster/default")
                            .tags(tag("a", "1")));
                    on.runningTask();
                    return on.ecs().describeClusters(request -> request.include(ClusterField.TAGS,
                            ClusterField.SETTINGS, ClusterField.STATISTICS, ClusterField.CONFIGURATIONS));
                }, answer -> {
                    Cluster cluster = answer.clusters().getFirst();
                    assertThat(cluster.tags()).containsExactly(tag("a", "1"));
                    assertThat(cluster.settings()).containsExactly(insights("disabled"));
                    assertThat(cluster.runningTasksCount()).isEqualTo(1);
                    assertThat(cluster.registeredContainerInstancesCount()).isEqualTo(1);
                    assertThat(cluster.statistics()).anyMatch(each ->
                            each.name().equals("runningEC2TasksCount") && each.value().equals("1"));
                }),
                works(action, "shows deleted ones, and misses others", on -> {
                    on.cluster("c");
                    on.ecs().deleteCluster(request -> request.cluster("c"));
                    return on.ecs().describeClusters(request -> request.clusters("c", "other"));
                }, answer -> {
                    assertThat(answer.clusters().getFirst().status()).isEqualTo("INACTIVE");
                    assertThat(answer.failures().getFirst().arn()).isEqualTo(World.ARN + "cluster/other");
                    assertThat(answer.failures().getFirst().reason()).isEqualTo("MISSING");
                }),
                works(action, "misses those of other accounts and regions", on -> on.ecs().describeClusters(request ->
                        request.clusters("arn:aws:ecs:eu-central-1:999999999999:cluster/default",
                                "arn:aws:ecs:us-east-1:123456789012:cluster/default")),
                        answer -> assertThat(answer.failures()).hasSize(2)),
                refuses(action, "101 names", InvalidParameterException.class, "Clusters can have at most 100 items.",
                        on -> on.ecs().describeClusters(request ->
                                request.clusters(Collections.nCopies(101, "default")))),
                refuses(action, "an ARN of something else", InvalidParameterException.class, "Invalid identifier: "
                        + "Identifier is not for a cluster: " + World.ARN + "service/default/svc",
                        on -> on.ecs().describeClusters(request ->
                                request.clusters(World.ARN + "service/default/svc"))));
    }

    private static List<Row> listClusters() {
        return List.of(works("ListClusters", "lists those that are ACTIVE, of this account and region", on -> {
            on.cluster("b");
            on.cluster("a");
            on.cluster("gone");
            on.ecs().deleteCluster(request -> request.cluster("gone"));
            on.as("999999999999", "eu-central-1", there -> there.cluster("theirs"));
            return on.ecs().listClusters(request -> { });
        }, answer -> assertThat(answer.clusterArns()).containsExactly(World.ARN + "cluster/a",
                World.ARN + "cluster/b", World.ARN + "cluster/default")));
    }

    private static List<Row> updateCluster() {
        String action = "UpdateCluster";
        return List.of(
                works(action, "changes what it names and leaves the rest", on -> {
                    on.ecs().createCluster(request -> request.clusterName("c").capacityProviders("FARGATE"));
                    return on.ecs().updateCluster(request -> request.cluster("c").settings(insights("enabled"))
                            .configuration(it -> it.executeCommandConfiguration(exec -> exec.kmsKeyId("key"))));
                }, answer -> {
                    assertThat(answer.cluster().settings()).containsExactly(insights("enabled"));
                    assertThat(answer.cluster().capacityProviders()).containsExactly("FARGATE");
                    assertThat(answer.cluster().configuration().executeCommandConfiguration().loggingAsString())
                            .isEqualTo("DEFAULT");
                }),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().updateCluster(request -> request.cluster("other"))),
                refuses(action, "a cluster that was deleted", ClientException.class, "Cluster was not ACTIVE.",
                        on -> {
                            on.cluster("c");
                            on.ecs().deleteCluster(request -> request.cluster("c"));
                            return on.ecs().updateCluster(request -> request.cluster("c"));
                        }),
                refuses(action, "an unknown setting's value", InvalidParameterException.class,
                        "Invalid setting 'value'",
                        on -> on.ecs().updateCluster(request -> request.cluster("default")
                                .settings(insights("loud")))));
    }

    private static List<Row> updateClusterSettings() {
        String action = "UpdateClusterSettings";
        return List.of(
                works(action, "changes the settings", on -> on.ecs().updateClusterSettings(request -> request
                        .cluster("default").settings(insights("enhanced"))),
                        answer -> assertThat(answer.cluster().settings()).containsExactly(insights("enhanced"))),
                refuses(action, "a cluster that was deleted", ClientException.class, "Cluster was not ACTIVE.",
                        on -> {
                            on.cluster("c");
                            on.ecs().deleteCluster(request -> request.cluster("c"));
                            return on.ecs().updateClusterSettings(request -> request.cluster("c")
                                    .settings(insights("enabled")));
                        }),
                refuses(action, "no settings", InvalidParameterException.class, "Settings cannot be empty.",
                        on -> on.ecs().updateClusterSettings(request -> request.cluster("default"))),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().updateClusterSettings(request -> request.cluster("other")
                                .settings(insights("enabled")))));
    }

    private static List<Row> putClusterCapacityProviders() {
        String action = "PutClusterCapacityProviders";
        return List.of(
                works(action, "replaces the providers and the default strategy", on -> {
                    on.ecs().createCluster(request -> request.clusterName("c").capacityProviders("FARGATE_SPOT"));
                    return on.ecs().putClusterCapacityProviders(request -> request.cluster("c")
                            .capacityProviders("FARGATE").defaultCapacityProviderStrategy(item("FARGATE", null, 1)));
                }, answer -> {
                    assertThat(answer.cluster().capacityProviders()).containsExactly("FARGATE");
                    assertThat(answer.cluster().defaultCapacityProviderStrategy())
                            .containsExactly(item("FARGATE", 0, 1));
                }),
                refuses(action, "a cluster that was deleted", ClientException.class, "Cluster was not ACTIVE.",
                        on -> {
                            on.cluster("c");
                            on.ecs().deleteCluster(request -> request.cluster("c"));
                            return on.ecs().putClusterCapacityProviders(request -> request.cluster("c")
                                    .capacityProviders("FARGATE").defaultCapacityProviderStrategy(List.of()));
                        }),
                refuses(action, "a strategy of other providers", InvalidParameterException.class, NOT_ASSOCIATED,
                        on -> on.ecs().putClusterCapacityProviders(request -> request.cluster("default")
                                .capacityProviders("FARGATE")
                                .defaultCapacityProviderStrategy(item("FARGATE_SPOT", null, 1)))),
                refuses(action, "to take away what a service uses", ResourceInUseException.class,
                        "The specified capacity provider is in use and cannot be removed.", on -> {
                            on.ecs().putClusterCapacityProviders(request -> request.cluster("default")
                                    .capacityProviders("FARGATE").defaultCapacityProviderStrategy(List.of()));
                            on.fargateDefinition();
                            on.ecs().createService(request -> request.serviceName("svc").taskDefinition("net")
                                    .capacityProviderStrategy(item("FARGATE", null, 1)).desiredCount(0));
                            return on.ecs().putClusterCapacityProviders(request -> request.cluster("default")
                                    .capacityProviders(List.of()).defaultCapacityProviderStrategy(List.of()));
                        }),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().putClusterCapacityProviders(request -> request.cluster("other")
                                .capacityProviders("FARGATE").defaultCapacityProviderStrategy(List.of()))));
    }

    private static List<Row> deleteCluster() {
        String action = "DeleteCluster";
        return List.of(
                works(action, "makes it INACTIVE", on -> on.ecs().deleteCluster(r -> r.cluster(on.cluster("c"))),
                        answer -> assertThat(answer.cluster().status()).isEqualTo("INACTIVE")),
                works(action, "repeated answers the same", on -> {
                    on.cluster("c");
                    on.ecs().deleteCluster(request -> request.cluster("c"));
                    return on.ecs().deleteCluster(request -> request.cluster("c"));
                }, answer -> assertThat(answer.cluster().status()).isEqualTo("INACTIVE")));
    }

    private static List<Row> deleteClusterRefusals() {
        String action = "DeleteCluster";
        return List.of(
                refuses(action, "no name", InvalidParameterException.class, "Cluster can not be blank.",
                        on -> on.ecs().deleteCluster(request -> { })),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().deleteCluster(request -> request.cluster("other"))),
                refuses(action, "another account's", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.as("999999999999", "eu-central-1", there -> there.ecs().deleteCluster(request ->
                                request.cluster(World.ARN + "cluster/default")))),
                refuses(action, "one with instances", ClusterContainsContainerInstancesException.class,
                        "The Cluster cannot be deleted while Container Instances are active or draining.", on -> {
                            on.instance();
                            return on.ecs().deleteCluster(request -> request.cluster("default"));
                        }),
                refuses(action, "one with services", ClusterContainsServicesException.class,
                        "The Cluster cannot be deleted while Services are active.", on -> {
                            on.service();
                            return on.ecs().deleteCluster(request -> request.cluster("default"));
                        }),
                refuses(action, "one with tasks", ClusterContainsTasksException.class,
                        "The Cluster cannot be deleted while Tasks are active.", on -> {
                            on.managedCapacity().fargateDefinition();
                            on.ecs().runTask(request -> request.taskDefinition("net").launchType("FARGATE"));
                            return on.ecs().deleteCluster(request -> request.cluster("default"));
                        }));
    }
}
