package dev.landfall.ecs.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.account.PutAccountSettingDefault;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterContainsContainerInstancesException;
import software.amazon.awssdk.services.ecs.model.ClusterContainsServicesException;
import software.amazon.awssdk.services.ecs.model.ClusterContainsTasksException;
import software.amazon.awssdk.services.ecs.model.ClusterField;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ClusterSettingName;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.CreateClusterRequest;
import software.amazon.awssdk.services.ecs.model.DeleteClusterRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.ExecuteCommandLogging;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.PutAccountSettingDefaultRequest;
import software.amazon.awssdk.services.ecs.model.PutClusterCapacityProvidersRequest;
import software.amazon.awssdk.services.ecs.model.ResourceInUseException;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.UpdateClusterRequest;
import software.amazon.awssdk.services.ecs.model.UpdateClusterSettingsRequest;

@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class ClustersTest {
    private static final Scope SCOPE = new Scope("123456789012", "eu-central-1");
    private static final String ARN = "arn:aws:ecs:eu-central-1:123456789012:cluster/";
    private static final Context CONTEXT = new Context(Instant.EPOCH, () -> {
        throw new IllegalStateException("clusters need no ids");
    });

    private Image image = Image.empty(EcsTables.ALL);

    @Test
    void aClusterWithoutANameIsTheDefault() {
        assertThatThrownBy(() -> Clusters.require(image, SCOPE, null)).isInstanceOf(ClusterNotFoundException.class);
        Cluster cluster = create(request -> { });

        assertThat(cluster.clusterArn()).isEqualTo(ARN + "default");
        assertThat(cluster.clusterName()).isEqualTo("default");
        assertThat(cluster.status()).isEqualTo("ACTIVE");
        assertThat(cluster.runningTasksCount()).isZero();
        assertThat(cluster.settings()).singleElement().satisfies(setting -> {
            assertThat(setting.name()).isEqualTo(ClusterSettingName.CONTAINER_INSIGHTS);
            assertThat(setting.value()).isEqualTo("disabled");
        });
        assertThat(cluster.hasCapacityProviders()).isTrue();
        assertThat(cluster.hasDefaultCapacityProviderStrategy()).isTrue();
        assertThat(cluster.hasStatistics()).isTrue();
        assertThat(cluster.hasTags()).isTrue();
        assertThat(Clusters.require(image, SCOPE, null).arn()).isEqualTo(ARN + "default");
        assertThat(Clusters.require(image, SCOPE, "default").arn()).isEqualTo(ARN + "default");
        assertThat(Clusters.require(image, SCOPE, ARN + "default").arn()).isEqualTo(ARN + "default");
    }

    @Test
    void theClusterOfTheGuidesIsCreatedAsTyped() {
        Cluster cluster = create(request -> request.clusterName("production-cluster")
                .capacityProviders("EC2", "FARGATE")
                .defaultCapacityProviderStrategy(item -> item.capacityProvider("FARGATE").weight(1).base(0)));

        assertThat(cluster.capacityProviders()).containsExactly("EC2", "FARGATE");
        assertThat(cluster.defaultCapacityProviderStrategy()).containsExactly(
                CapacityProviderStrategyItem.builder().capacityProvider("FARGATE").weight(1).base(0).build());
    }

    @Test
    void creatingAgainAnswersTheSameClusterAndWritesNothing() {
        Cluster first = create(request -> request.clusterName("a").capacityProviders("FARGATE")
                .tags(tag -> tag.key("k").value("v")));
        var named = CreateClusterRequest.builder().clusterName("a").build();
        var again = CreateCluster.decide(image, named, SCOPE, CONTEXT);

        assertThat(again.reply().cluster()).isEqualTo(first);
        assertThat(again.writes()).isEmpty();
        assertThat(create(request -> request.clusterName("a").tags(tag -> tag.key("k").value("other"))
                .settings(setting -> setting.name("containerInsights").value("enhanced"))))
                .as("as it is").isEqualTo(first);
        assertThatThrownBy(() -> create(request -> request.clusterName("a").capacityProviders("FARGATE_SPOT")))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("Arguments on this idempotent request are inconsistent with arguments used");
    }

    @Test
    void aDeletedClusterIsDescribedButNotUsedUntilItIsCreatedAgain() {
        create(request -> request.clusterName("a").tags(tag -> tag.key("k").value("v")));
        assertThat(delete("a").status()).isEqualTo("INACTIVE");

        assertThat(describe(request -> request.clusters("a")).clusters()).singleElement()
                .extracting(Cluster::status).isEqualTo("INACTIVE");
        assertThat(Clusters.find(image, SCOPE, "a")).isPresent();
        assertThat(Clusters.findActive(image, SCOPE, "a")).isEmpty();
        assertThat(Clusters.active(image, SCOPE)).isEmpty();
        assertThatThrownBy(() -> Clusters.require(image, SCOPE, "a")).isInstanceOf(ClusterNotFoundException.class)
                .hasMessageContaining("The referenced cluster was inactive.");
        assertThat(delete("a").status()).isEqualTo("INACTIVE");

        Cluster again = create(request -> request.clusterName("a"));
        assertThat(again.status()).isEqualTo("ACTIVE");
        assertThat(again.tags()).isEmpty();
    }

    @Test
    void aClusterInUseIsNotDeleted() {
        create(request -> request.clusterName("a"));
        put(instance("ACTIVE"));
        assertThatThrownBy(() -> delete("a")).isInstanceOf(ClusterContainsContainerInstancesException.class);
        put(instance("INACTIVE"));
        put(service("s", "ACTIVE", "EC2"));
        assertThatThrownBy(() -> delete("a")).isInstanceOf(ClusterContainsServicesException.class);
        put(service("s", "DRAINING", "EC2"));
        for (String status : List.of("PROVISIONING", "PENDING", "ACTIVATING", "RUNNING", "DEACTIVATING", "STOPPING",
                "DEPROVISIONING")) {
            put(task("t", status, "EC2"));
            assertThatThrownBy(() -> delete("a")).as(status).isInstanceOf(ClusterContainsTasksException.class);
        }
        put(task("t", "STOPPED", "EC2"));
        assertThat(delete("a").status()).isEqualTo("INACTIVE");
        assertThatThrownBy(() -> delete("b")).isInstanceOf(ClusterNotFoundException.class);
        assertThatThrownBy(() -> delete(null)).isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void countsAreTakenFromWhatThereIs() {
        create(request -> request.clusterName("a"));
        create(request -> request.clusterName("b"));
        put(instance("ACTIVE"));
        put(service("s1", "ACTIVE", "FARGATE"));
        put(service("s2", "DRAINING", "EC2"));
        put(task("t1", "RUNNING", "EC2"));
        put(task("t2", "RUNNING", "FARGATE"));
        put(task("t3", "PROVISIONING", "FARGATE"));
        put(task("t4", "PENDING", "EC2"));
        put(task("t5", "ACTIVATING", "EXTERNAL"));
        put(task("t6", "STOPPED", "EC2"));

        var clusters = describe(request -> request.clusters("a", "b").include(ClusterField.STATISTICS)).clusters();
        Cluster busy = clusters.getFirst();
        assertThat(busy.registeredContainerInstancesCount()).isEqualTo(1);
        assertThat(busy.runningTasksCount()).isEqualTo(2);
        assertThat(busy.pendingTasksCount()).isEqualTo(3);
        assertThat(busy.activeServicesCount()).isEqualTo(1);
        assertThat(nonZero(busy)).containsExactly("activeFargateServiceCount=1", "drainingEC2ServiceCount=1",
                "pendingEC2TasksCount=1", "pendingExternalTasksCount=1", "pendingFargateTasksCount=1",
                "runningEC2TasksCount=1", "runningFargateTasksCount=1");
        assertThat(busy.statistics()).hasSize(12);
        Cluster idle = clusters.getLast();
        assertThat(idle.pendingTasksCount() + idle.runningTasksCount() + idle.activeServicesCount()
                + idle.registeredContainerInstancesCount()).isZero();
        assertThat(nonZero(idle)).isEmpty();
    }

    @Test
    void detailsAreShownOnRequest() {
        create(request -> request.clusterName("a").tags(tag -> tag.key("k").value("v"))
                .configuration(configuration -> configuration.executeCommandConfiguration(exec -> { })));

        Cluster plain = describe(request -> request.clusters("a")).clusters().getFirst();
        assertThat(plain.tags()).isEmpty();
        assertThat(plain.settings()).isEmpty();
        assertThat(plain.statistics()).isEmpty();
        assertThat(plain.configuration()).isNull();
        assertThat(plain.hasAttachments()).isFalse();
        Cluster full = describe(request -> request.clusters("a").include(ClusterField.TAGS, ClusterField.SETTINGS,
                ClusterField.CONFIGURATIONS, ClusterField.ATTACHMENTS)).clusters().getFirst();
        assertThat(full.tags()).containsExactly(Tag.builder().key("k").value("v").build());
        assertThat(full.settings()).hasSize(1);
        assertThat(full.configuration().executeCommandConfiguration().logging())
                .isEqualTo(ExecuteCommandLogging.DEFAULT);
        assertThat(full.hasAttachments()).isTrue();
    }

    @Test
    void whatIsMissingIsAFailureAndWhatIsMalformedAnError() {
        DescribeClustersResponse response = describe(request -> request.clusters("a", ARN + "b"));

        assertThat(response.clusters()).isEmpty();
        assertThat(response.failures()).extracting(failure -> failure.arn() + " " + failure.reason())
                .containsExactly(ARN + "a MISSING", ARN + "b MISSING");
        assertThat(describe(request -> { }).failures()).singleElement()
                .extracting(failure -> failure.arn()).isEqualTo(ARN + "default");
        assertThatThrownBy(() -> describe(request -> request.clusters("a/b")))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("Cluster must match ^[a-zA-Z0-9\\-_]{1,255}$, but was a/b");
        assertThatThrownBy(() -> describe(request -> request.clusters(SCOPE.arn("service/a"))))
                .isInstanceOf(InvalidParameterException.class).hasMessageContaining("Invalid identifier");
        assertThatThrownBy(() -> describe(request -> request.includeWithStrings("SECRETS")))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void pagesWalkAllActiveClustersOnce() {
        var expected = new ArrayList<String>();
        for (char name = 'a'; name <= 'z'; name++) {
            create("c" + name);
            expected.add(ARN + "c" + name);
        }
        delete("cm");
        expected.remove(ARN + "cm");
        var seen = new ArrayList<String>();
        String token = null;
        do {
            var page = ListClusters.read(
                    image, ListClustersRequest.builder().maxResults(4).nextToken(token).build(), SCOPE);
            seen.addAll(page.clusterArns());
            token = page.nextToken();
        } while (token != null);
        assertThat(seen).isEqualTo(expected);
        var elsewhere = new Scope("123456789012", "us-west-2");
        assertThat(ListClusters.read(image, ListClustersRequest.builder().build(), elsewhere).clusterArns()).isEmpty();
    }

    @Test
    void execConfigurationIsUpdatedAsTyped() {
        create("a");
        apply(UpdateCluster.decide(image, UpdateClusterRequest.builder().cluster("a")
                .configuration(configuration -> configuration.executeCommandConfiguration(exec -> exec
                        .kmsKeyId("alias/aws/ecs").logging(ExecuteCommandLogging.OVERRIDE)
                        .logConfiguration(log -> log.cloudWatchLogGroupName("/aws/ecs/cluster/logs"))))
                .build(), SCOPE, CONTEXT));

        var exec = Clusters.require(image, SCOPE, "a").cluster().configuration().executeCommandConfiguration();
        assertThat(exec.kmsKeyId()).isEqualTo("alias/aws/ecs");
        assertThat(exec.logConfiguration().cloudWatchLogGroupName()).isEqualTo("/aws/ecs/cluster/logs");

        apply(UpdateCluster.decide(image, UpdateClusterRequest.builder().cluster("a")
                .settings(setting -> setting.name("containerInsights").value("enhanced"))
                .serviceConnectDefaults(defaults -> defaults.namespace("internal")).build(), SCOPE, CONTEXT));
        Cluster cluster = Clusters.require(image, SCOPE, "a").cluster();
        assertThat(cluster.configuration().executeCommandConfiguration()).isEqualTo(exec);
        assertThat(cluster.serviceConnectDefaults().namespace()).isEqualTo("internal");
        assertThat(cluster.settings().getFirst().value()).isEqualTo("enhanced");
    }

    @Test
    void settingsAreUpdatedAndStartFromTheAccountsDefault() {
        apply(PutAccountSettingDefault.decide(image, PutAccountSettingDefaultRequest.builder()
                .name("containerInsights").value("enabled").build(), SCOPE, CONTEXT));
        assertThat(create("a").settings().getFirst().value()).isEqualTo("enabled");

        var request = UpdateClusterSettingsRequest.builder().cluster("a")
                .settings(setting -> setting.name("containerInsights").value("disabled")).build();
        assertThat(apply(UpdateClusterSettings.decide(image, request, SCOPE, CONTEXT)).cluster().settings())
                .singleElement().satisfies(setting -> assertThat(setting.value()).isEqualTo("disabled"));
        assertThatThrownBy(() -> UpdateClusterSettings.decide(
                image, UpdateClusterSettingsRequest.builder().cluster("a").build(), SCOPE, CONTEXT))
                .hasMessageContaining("Settings cannot be empty.");
    }

    @Test
    void capacityProvidersAreReplacedUnlessInUse() {
        create(request -> request.clusterName("a").capacityProviders("FARGATE", "FARGATE_SPOT", "EC2"));
        put(task("t", "RUNNING", "FARGATE"));
        assertThatThrownBy(() -> putProviders("EC2")).isInstanceOf(ResourceInUseException.class)
                .hasMessageContaining("The specified capacity provider is in use and cannot be removed.");
        put(service("s", "ACTIVE", "FARGATE_SPOT"));
        assertThatThrownBy(() -> putProviders("FARGATE")).isInstanceOf(ResourceInUseException.class);

        assertThat(putProviders("FARGATE", "FARGATE_SPOT").capacityProviders())
                .containsExactly("FARGATE", "FARGATE_SPOT");
        put(task("t", "STOPPED", "FARGATE"));
        assertThat(putProviders("FARGATE_SPOT").capacityProviders()).containsExactly("FARGATE_SPOT");
    }

    record Refused(String message, Consumer<CreateClusterRequest.Builder> change) {
        @Override
        public String toString() {
            return message;
        }
    }

    static Stream<Refused> refused() {
        return Stream.of(
                new Refused("Cluster name must match ^[a-zA-Z0-9\\-_]{1,255}$, but was a.b",
                        request -> request.clusterName("a.b")),
                new Refused("The specified capacity provider was not found. Specify a valid capacity provider and try "
                        + "again.", request -> request.capacityProviders("LAMBDA")),
                new Refused("The specified capacity providers contain duplicates. Specify each capacity provider once.",
                        request -> request.capacityProviders("FARGATE", "FARGATE")),
                strategy("The specified capacity provider strategy cannot contain a capacity provider that is "
                        + "not associated with the cluster. Associate the capacity provider with the cluster and try "
                        + "again.",
                        item -> item.capacityProvider("LAMBDA")),
                strategy("Capacity provider cannot be empty.", item -> item.weight(1)),
                strategy("The weight of a capacity provider must be between 0 and 1000.",
                        item -> item.capacityProvider("FARGATE").weight(1001)),
                strategy("The base of a capacity provider must be between 0 and 100000.",
                        item -> item.capacityProvider("FARGATE").base(-1)),
                strategy("The specified capacity provider strategy contains duplicate capacity providers. Specify each "
                        + "capacity provider once and try again.",
                        item -> item.capacityProvider("FARGATE"), item -> item.capacityProvider("FARGATE")),
                strategy("Only one capacity provider in a capacity provider strategy can have a base defined.",
                        item -> item.capacityProvider("FARGATE").base(1),
                        item -> item.capacityProvider("FARGATE_SPOT").base(1)),
                strategy("A capacity provider strategy cannot contain a mix of capacity providers using Auto Scaling "
                        + "groups and Fargate providers. Specify one or the other and try again.",
                        item -> item.capacityProvider("FARGATE"), item -> item.capacityProvider("EC2")),
                new Refused("Invalid setting 'name'",
                        request -> request.settings(setting -> setting.name("color").value("red"))),
                new Refused("Invalid setting 'value'",
                        request -> request.settings(setting -> setting.name("containerInsights").value("on"))),
                new Refused("Invalid logging value: LOUD. The valid values are: NONE, DEFAULT, OVERRIDE",
                        request -> request.configuration(configuration -> configuration
                                .executeCommandConfiguration(exec -> exec.logging("LOUD")))),
                new Refused("A log configuration with an Amazon S3 bucket or a CloudWatch Logs group must be specified "
                        + "when logging is OVERRIDE.", request -> request.configuration(configuration -> configuration
                        .executeCommandConfiguration(exec -> exec.logging("OVERRIDE")))),
                new Refused("A log configuration can only be specified when logging is OVERRIDE.",
                        request -> request.configuration(configuration -> configuration
                                .executeCommandConfiguration(exec -> exec.logging("NONE")
                                        .logConfiguration(log -> log.s3BucketName("b"))))),
                new Refused("Tag keys that start with aws: are reserved and cannot be used.",
                        request -> request.tags(tag -> tag.key("aws:x").value("v"))));
    }

    @ParameterizedTest
    @MethodSource
    void refused(Refused refused) {
        assertThatThrownBy(() -> create(refused.change)).isInstanceOf(InvalidParameterException.class)
                .extracting(error -> ((InvalidParameterException) error).awsErrorDetails().errorMessage())
                .isEqualTo(refused.message);
        assertThat(image.size(EcsTables.CLUSTERS)).isZero();
    }

    @Test
    void anArnDoesNotReachIntoAnotherAccountOrRegion() {
        create("a");
        for (Scope stranger : List.of(
                new Scope("999999999999", "eu-central-1"), new Scope("123456789012", "eu-west-1"))) {
            assertThat(Clusters.find(image, stranger, ARN + "a")).isEmpty();
            var request = DescribeClustersRequest.builder().clusters(ARN + "a").build();
            assertThat(DescribeClusters.read(image, request, stranger).failures()).singleElement()
                    .satisfies(failure -> assertThat(failure.arn()).isEqualTo(ARN + "a"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "ünïcode"})
    void namesThatNoClusterHasAreRefused(String name) {
        assertThatThrownBy(() -> Clusters.find(image, SCOPE, name)).isInstanceOf(InvalidParameterException.class);
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    private static Refused strategy(String message, Consumer<CapacityProviderStrategyItem.Builder>... items) {
        return new Refused(message, request -> request.capacityProviders("FARGATE", "FARGATE_SPOT", "EC2")
                .defaultCapacityProviderStrategy(items));
    }

    private Cluster create(String name) {
        return create(request -> request.clusterName(name));
    }

    private Cluster create(Consumer<CreateClusterRequest.Builder> change) {
        var request = CreateClusterRequest.builder();
        change.accept(request);
        return apply(CreateCluster.decide(image, request.build(), SCOPE, CONTEXT)).cluster();
    }

    private Cluster delete(String name) {
        var request = DeleteClusterRequest.builder().cluster(name).build();
        return apply(DeleteCluster.decide(image, request, SCOPE, CONTEXT)).cluster();
    }

    private DescribeClustersResponse describe(Consumer<DescribeClustersRequest.Builder> change) {
        var request = DescribeClustersRequest.builder();
        change.accept(request);
        return DescribeClusters.read(image, request.build(), SCOPE);
    }

    private Cluster putProviders(String... providers) {
        var request = PutClusterCapacityProvidersRequest.builder().cluster("a").capacityProviders(providers).build();
        return apply(PutClusterCapacityProviders.decide(image, request, SCOPE, CONTEXT)).cluster();
    }

    private <A> A apply(Decision<A> decision) {
        image = image.apply(decision.writes());
        return decision.reply();
    }

    private void put(Write<?> write) {
        image = image.apply(List.of(write));
    }

    private static Write<?> instance(String status) {
        var instance = ContainerInstance.builder()
                .containerInstanceArn(SCOPE.arn("container-instance/a/1")).status(status).build();
        return Write.put(EcsTables.INSTANCES, new InstanceRow(instance, ARN + "a", false, "", ""));
    }

    private static Write<?> service(String name, String status, String provider) {
        var service = Service.builder().serviceArn(SCOPE.arn("service/a/" + name)).clusterArn(ARN + "a")
                .status(status).capacityProviderStrategy(item -> item.capacityProvider(provider)).build();
        return Write.put(EcsTables.SERVICES, new ServiceRow(service, List.of(), 0, Instant.EPOCH, true, ""));
    }

    private static Write<?> task(String id, String lastStatus, String type) {
        var task = Task.builder().taskArn(SCOPE.arn("task/a/" + id)).clusterArn(ARN + "a").lastStatus(lastStatus)
                .desiredStatus("RUNNING").launchType(type).stoppedAt(Instant.EPOCH)
                .capacityProviderName(type.equals("FARGATE") ? type : null).build();
        return Write.put(EcsTables.TASKS, new TaskRow(task, "", "", "", "", false));
    }

    private static List<String> nonZero(Cluster cluster) {
        return cluster.statistics().stream()
                .filter(count -> !count.value().equals("0"))
                .map((KeyValuePair count) -> count.name() + "=" + count.value())
                .toList();
    }
}
