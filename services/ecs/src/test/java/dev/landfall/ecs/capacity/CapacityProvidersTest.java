package dev.landfall.ecs.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.World;
import dev.landfall.ecs.cluster.CreateCluster;
import dev.landfall.ecs.cluster.DeleteCluster;
import dev.landfall.ecs.cluster.DescribeClusters;
import dev.landfall.ecs.cluster.PutClusterCapacityProviders;
import dev.landfall.ecs.tag.ListTagsForResource;
import dev.landfall.ecs.tag.TagResource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.AutoScalingGroupProvider;
import software.amazon.awssdk.services.ecs.model.CapacityProvider;
import software.amazon.awssdk.services.ecs.model.CapacityProviderField;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStatus;
import software.amazon.awssdk.services.ecs.model.CapacityProviderType;
import software.amazon.awssdk.services.ecs.model.CapacityProviderUpdateStatus;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterField;
import software.amazon.awssdk.services.ecs.model.CreateCapacityProviderRequest;
import software.amazon.awssdk.services.ecs.model.CreateClusterRequest;
import software.amazon.awssdk.services.ecs.model.DeleteCapacityProviderRequest;
import software.amazon.awssdk.services.ecs.model.DeleteClusterRequest;
import software.amazon.awssdk.services.ecs.model.DescribeCapacityProvidersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeCapacityProvidersResponse;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.ecs.model.ManagedDraining;
import software.amazon.awssdk.services.ecs.model.ManagedScalingStatus;
import software.amazon.awssdk.services.ecs.model.ManagedTerminationProtection;
import software.amazon.awssdk.services.ecs.model.PutClusterCapacityProvidersRequest;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TagResourceRequest;
import software.amazon.awssdk.services.ecs.model.UnsupportedFeatureException;
import software.amazon.awssdk.services.ecs.model.UpdateCapacityProviderRequest;
import software.amazon.awssdk.services.ecs.model.UpdateInProgressException;

class CapacityProvidersTest {
    private static final String GROUP = "arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:"
            + "57ffcb94-11f0-4d6d-bf60-3bac5EXAMPLE:autoScalingGroupName/";

    private final World world = new World();

    @Test
    void createdWithEcsDefaults() {
        CapacityProvider provider = create("cp", request -> { });

        assertThat(provider.capacityProviderArn()).isEqualTo(World.ARN + "capacity-provider/cp");
        assertThat(provider.name()).isEqualTo("cp");
        assertThat(provider.status()).isEqualTo(CapacityProviderStatus.ACTIVE);
        assertThat(provider.type()).isEqualTo(CapacityProviderType.EC2_AUTOSCALING);
        AutoScalingGroupProvider group = provider.autoScalingGroupProvider();
        assertThat(group.autoScalingGroupArn()).isEqualTo(GROUP + "cp");
        assertThat(group.managedDraining()).isEqualTo(ManagedDraining.ENABLED);
        assertThat(group.managedTerminationProtection()).isEqualTo(ManagedTerminationProtection.DISABLED);
        assertThat(group.managedScaling().status()).isEqualTo(ManagedScalingStatus.DISABLED);
        assertThat(group.managedScaling().targetCapacity()).isEqualTo(100);
        assertThat(group.managedScaling().minimumScalingStepSize()).isEqualTo(1);
        assertThat(group.managedScaling().maximumScalingStepSize()).isEqualTo(10_000);
        assertThat(group.managedScaling().instanceWarmupPeriod()).isEqualTo(300);
        assertThat(describe(request -> request.capacityProviders("cp")).capacityProviders()).containsExactly(provider);
    }

    @Test
    void askedForByNameOrArnAndListedWithTheBuiltIn() {
        create("b", request -> request.tags(Tag.builder().key("k").value("v").build()));
        create("a", request -> { });

        assertThat(names(describe(request -> { }))).containsExactly("FARGATE", "FARGATE_SPOT", "a", "b");
        var some = describe(request -> request.capacityProviders(World.ARN + "capacity-provider/b", "FARGATE", "no")
                .include(CapacityProviderField.TAGS));
        assertThat(names(some)).containsExactly("FARGATE", "b");
        assertThat(some.capacityProviders().getLast().tags()).singleElement()
                .satisfies(tag -> assertThat(tag.value()).isEqualTo("v"));
        assertThat(some.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.reason()).isEqualTo("MISSING");
            assertThat(failure.arn()).isEqualTo(World.ARN + "capacity-provider/no");
        });
        assertThat(describe(request -> request.capacityProviders("b")).capacityProviders().getFirst().tags())
                .isEmpty();
        var elsewhere = new Scope("123456789012", "us-west-2");
        assertThat(DescribeCapacityProviders.read(world.image(), DescribeCapacityProvidersRequest.builder()
                .capacityProviders(World.ARN + "capacity-provider/a").build(), elsewhere).failures()).hasSize(1);
    }

    @Test
    void pagesOfTen() {
        IntStream.range(0, 25).forEach(i -> create("cp%02d".formatted(i), request -> { }));
        var seen = new ArrayList<String>();
        String token = null;
        do {
            String from = token;
            var page = describe(request -> request.nextToken(from));
            assertThat(page.capacityProviders()).hasSizeLessThanOrEqualTo(10);
            seen.addAll(names(page));
            token = page.nextToken();
        } while (token != null);
        assertThat(seen).hasSize(27).doesNotHaveDuplicates();
        assertThatThrownBy(() -> describe(request -> request.maxResults(11)))
                .isInstanceOf(InvalidParameterException.class);
        var many = IntStream.range(0, 101).mapToObj(i -> "x" + i).toList();
        assertThatThrownBy(() -> describe(request -> request.capacityProviders(many)))
                .isInstanceOf(InvalidParameterException.class);
    }

    record Refused(String message, Consumer<CreateCapacityProviderRequest.Builder> change) {
        @Override
        public String toString() {
            return message;
        }
    }

    static Stream<Refused> refused() {
        String name = "The specified capacity provider name is invalid.";
        String protection = "The managed termination protection setting for the capacity provider is invalid.";
        String scaling = "The managed scaling settings for the capacity provider are invalid.";
        return Stream.of(
                new Refused(name, request -> request.name("Aws-things")),
                new Refused(name, request -> request.name("ecs1")),
                new Refused(name, request -> request.name("FARGATE")),
                new Refused(name, request -> request.name("a b")),
                new Refused(name, request -> request.name("x".repeat(256))),
                new Refused(name, request -> request.name(null)),
                new Refused("The specified capacity provider already exists.", request -> request.name("there")),
                new Refused("The specified Auto Scaling group ARN is already being used by another capacity provider.",
                        request -> request.autoScalingGroupProvider(group ->
                                group.autoScalingGroupArn(GROUP + "there"))),
                new Refused("The specified Auto Scaling group ARN is already being used by another capacity provider.",
                        request -> request.autoScalingGroupProvider(group -> group.autoScalingGroupArn("there"))),
                new Refused("The specified Auto Scaling group ARN is invalid.",
                        request -> request.autoScalingGroupProvider(group -> group.autoScalingGroupArn("arn:aws:x"))),
                new Refused("The specified capacity provider has no provider.",
                        request -> request.autoScalingGroupProvider((AutoScalingGroupProvider) null)),
                new Refused(protection, request -> request.autoScalingGroupProvider(group -> group
                        .autoScalingGroupArn(GROUP + "new").managedTerminationProtection("ENABLED"))),
                new Refused(protection, request -> request.autoScalingGroupProvider(group -> group
                        .autoScalingGroupArn(GROUP + "new").managedScaling(with -> with.status("DISABLED"))
                        .managedTerminationProtection("ENABLED"))),
                new Refused(scaling, request -> request.autoScalingGroupProvider(group -> group
                        .autoScalingGroupArn(GROUP + "new").managedScaling(with -> with.targetCapacity(101)))),
                new Refused(scaling, request -> request.autoScalingGroupProvider(group -> group
                        .autoScalingGroupArn(GROUP + "new").managedScaling(with -> with.minimumScalingStepSize(0)))),
                new Refused(scaling, request -> request.autoScalingGroupProvider(group -> group
                        .autoScalingGroupArn(GROUP + "new").managedScaling(with -> with.instanceWarmupPeriod(-1)))),
                new Refused(scaling, request -> request.autoScalingGroupProvider(group -> group
                        .autoScalingGroupArn(GROUP + "new").managedScaling(with ->
                                with.minimumScalingStepSize(3).maximumScalingStepSize(2)))));
    }

    @ParameterizedTest
    @MethodSource
    void refused(Refused refused) {
        create("there", request -> { });
        assertThatThrownBy(() -> create("new", refused.change)).isInstanceOf(ClientException.class)
                .extracting(error -> ((EcsException) error).awsErrorDetails().errorMessage())
                .asString().startsWith(refused.message);
        assertThat(world.image().size(EcsTables.CAPACITY_PROVIDERS)).isOne();
    }

    @Test
    void managedInstancesAreNotSupported() {
        assertThatThrownBy(() -> create("mi", request -> request.managedInstancesProvider(with -> with
                .infrastructureRoleArn("arn:aws:iam::123456789012:role/r"))))
                .isInstanceOf(UnsupportedFeatureException.class);
    }

    @Test
    void anUpdateAnswersWithTheOldAndSettlesToTheNew() {
        create("cp", request -> { });
        cluster("c", "cp");
        settle("cluster/c");

        CapacityProvider answer = update("cp", request -> request.autoScalingGroupProvider(group -> group
                .managedScaling(with -> with.status("ENABLED").targetCapacity(80)).managedDraining("DISABLED")));
        assertThat(answer.updateStatus()).isEqualTo(CapacityProviderUpdateStatus.UPDATE_IN_PROGRESS);
        assertThat(answer.autoScalingGroupProvider().managedScaling().targetCapacity()).isEqualTo(100);
        assertThatThrownBy(() -> delete("cp")).isInstanceOf(UpdateInProgressException.class);
        update("cp", request -> request.autoScalingGroupProvider(group -> group
                .managedTerminationProtection("ENABLED")));

        settle("capacity-provider/cp");
        CapacityProvider settled = provider("cp");
        assertThat(settled.updateStatus()).isEqualTo(CapacityProviderUpdateStatus.UPDATE_COMPLETE);
        AutoScalingGroupProvider group = settled.autoScalingGroupProvider();
        assertThat(group.managedScaling().status()).isEqualTo(ManagedScalingStatus.ENABLED);
        assertThat(group.managedScaling().targetCapacity()).isEqualTo(80);
        assertThat(group.managedScaling().instanceWarmupPeriod()).isEqualTo(300);
        assertThat(group.managedDraining()).isEqualTo(ManagedDraining.DISABLED);
        assertThat(group.managedTerminationProtection()).isEqualTo(ManagedTerminationProtection.ENABLED);
        assertThat(group.autoScalingGroupArn()).isEqualTo(GROUP + "cp");
        assertThat(attachments("c")).containsExactly("as_policy PRECREATED cp", "managed_draining DELETING cp");
        settle("cluster/c");
        assertThat(attachments("c")).containsExactly("as_policy CREATED cp");

        assertThatThrownBy(() -> update("nobody", request -> { })).isInstanceOf(ClientException.class)
                .hasMessageContaining("The specified capacity provider does not exist. Specify a valid name or ARN and "
                        + "try again.");
        assertThatThrownBy(() -> update("FARGATE", request -> { })).isInstanceOf(ClientException.class)
                .hasMessageContaining("reserved");
        assertThatThrownBy(() -> update("cp", request -> { })).isInstanceOf(ClientException.class);
        assertThatThrownBy(() -> update("cp", request -> request.autoScalingGroupProvider(with -> with
                .managedScaling(scaling -> scaling.status("DISABLED"))))).isInstanceOf(ClientException.class)
                .hasMessageContaining("managed termination protection");
    }

    @Test
    void deletedOnceNoClusterHasIt() {
        create("cp", request -> { });
        cluster("c", "cp");
        settle("cluster/c");

        assertThat(delete("cp").status()).isEqualTo(CapacityProviderStatus.ACTIVE);
        assertThat(provider("cp").updateStatus()).isEqualTo(CapacityProviderUpdateStatus.DELETE_IN_PROGRESS);
        settle("capacity-provider/cp");
        assertThat(provider("cp").updateStatus()).isEqualTo(CapacityProviderUpdateStatus.DELETE_FAILED);
        assertThat(provider("cp").updateStatusReason()).isEqualTo("The capacity provider cannot be deleted because it "
                + "is associated with cluster: c. Remove the capacity provider from the cluster and try again.");
        assertThat(provider("cp").status()).isEqualTo(CapacityProviderStatus.ACTIVE);

        world.decide((image, scope, context) -> DeleteCluster.decide(
                image, DeleteClusterRequest.builder().cluster("c").build(), scope, context));
        delete(World.ARN + "capacity-provider/cp");
        assertThatThrownBy(() -> cluster("d", "cp")).isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("The specified capacity provider 'cp' is not in an ACTIVE state. Specify a valid "
                        + "capacity provider and try again.");
        settle("capacity-provider/cp");
        assertThat(provider("cp").status()).isEqualTo(CapacityProviderStatus.INACTIVE);
        assertThat(provider("cp").updateStatus()).isEqualTo(CapacityProviderUpdateStatus.DELETE_COMPLETE);
        assertThat(provider("cp").updateStatusReason()).isNull();
        assertThat(names(describe(request -> { }))).doesNotContain("cp");
        assertThatThrownBy(() -> delete("cp")).isInstanceOf(ClientException.class);
        assertThatThrownBy(() -> delete("FARGATE_SPOT")).isInstanceOf(ClientException.class);
        assertThatThrownBy(() -> cluster("d", "cp")).isInstanceOf(InvalidParameterException.class);
        assertThat(create("cp", request -> { }).updateStatus()).isNull();
    }

    @Test
    void aClustersAttachmentsSettle() {
        create("scaled", request -> request.autoScalingGroupProvider(group -> group
                .autoScalingGroupArn(GROUP + "scaled").managedScaling(with -> with.targetCapacity(90))));
        create("plain", request -> request.autoScalingGroupProvider(group -> group
                .autoScalingGroupArn(GROUP + "plain").managedDraining("DISABLED")));
        Cluster created = cluster("c", "FARGATE", "scaled", "plain");
        assertThat(created.attachmentsStatus()).isEqualTo("UPDATE_IN_PROGRESS");
        assertThat(created.attachments().getFirst().details().getLast().value())
                .startsWith("ECSManagedAutoScalingPolicy-");
        assertThatThrownBy(() -> put("c", "FARGATE")).isInstanceOf(UpdateInProgressException.class)
                .hasMessageContaining("The specified cluster is in a busy state. Cluster attachments must be in "
                        + "UPDATE_COMPLETE or UPDATE_FAILED state before they can be updated. Wait and try again.");
        assertThat(attachments("c")).containsExactly(
                "as_policy PRECREATED scaled", "managed_draining PRECREATED scaled");
        settle("cluster/c");
        assertThat(attachments("c")).containsExactly("as_policy CREATED scaled", "managed_draining CREATED scaled");
        assertThat(described("c").attachmentsStatus()).isEqualTo("UPDATE_COMPLETE");
        assertThat(DescribeClusters.read(world.image(), DescribeClustersRequest.builder().clusters("c").build(),
                World.SCOPE).clusters().getFirst().attachments()).isEmpty();
        List<String> ids = described("c").attachments().stream().map(Attachment::id).toList();

        Cluster same = put("c", "scaled", "FARGATE");
        assertThat(same.attachmentsStatus()).isEqualTo("UPDATE_COMPLETE");
        assertThat(same.attachments()).extracting(Attachment::id).isEqualTo(ids);
        assertThat(put("c", "FARGATE").attachments()).extracting(Attachment::status)
                .containsExactly("DELETING", "DELETING");
        settle("cluster/c");
        assertThat(described("c").attachments()).isEmpty();
    }

    @Test
    void aClusterHasAtMostTwentyThatExist() {
        IntStream.range(0, 21).forEach(i -> create("cp" + i, request -> { }));
        cluster("c");
        put("c", IntStream.range(0, 20).mapToObj(i -> "cp" + i).toArray(String[]::new));
        settle("cluster/c");
        assertThatThrownBy(() -> put("c", IntStream.range(0, 21).mapToObj(i -> "cp" + i).toArray(String[]::new)))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("The maximum number of capacity providers per cluster has been exceeded.");
        assertThatThrownBy(() -> put("c", "nobody")).isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("was not found");
    }

    @Test
    void taggedLikeAnyResource() {
        String arn = create("cp", request -> { }).capacityProviderArn();
        world.decide((image, scope, context) -> TagResource.decide(image, TagResourceRequest.builder().resourceArn(arn)
                .tags(Tag.builder().key("k").value("v").build()).build(), scope, context));
        assertThat(ListTagsForResource.read(world.image(),
                ListTagsForResourceRequest.builder().resourceArn(arn).build(), World.SCOPE).tags()).hasSize(1);
        delete("cp");
        settle("capacity-provider/cp");
        assertThatThrownBy(() -> ListTagsForResource.read(world.image(),
                ListTagsForResourceRequest.builder().resourceArn(arn).build(), World.SCOPE))
                .hasMessageContaining("inactive");
    }

    private CapacityProvider create(String name, Consumer<CreateCapacityProviderRequest.Builder> change) {
        var request = CreateCapacityProviderRequest.builder().name(name)
                .autoScalingGroupProvider(group -> group.autoScalingGroupArn(GROUP + name));
        change.accept(request);
        return world.decide((image, scope, context) -> CreateCapacityProvider.decide(image, request.build(), scope))
                .capacityProvider();
    }

    private CapacityProvider update(String name, Consumer<UpdateCapacityProviderRequest.Builder> change) {
        var request = UpdateCapacityProviderRequest.builder().name(name);
        change.accept(request);
        return world.decide((image, scope, context) -> UpdateCapacityProvider.decide(image, request.build(), scope))
                .capacityProvider();
    }

    private CapacityProvider delete(String name) {
        var request = DeleteCapacityProviderRequest.builder().capacityProvider(name).build();
        return world.decide((image, scope, context) -> DeleteCapacityProvider.decide(image, request, scope))
                .capacityProvider();
    }

    private void settle(String resource) {
        world.decide((image, scope, context) -> CapacityLooks.decide(
                image, World.ARN + resource, CapacityPolicy.AS_AWS, context));
    }

    private CapacityProvider provider(String name) {
        return describe(request -> request.capacityProviders(name)).capacityProviders().getFirst();
    }

    private DescribeCapacityProvidersResponse describe(Consumer<DescribeCapacityProvidersRequest.Builder> change) {
        var request = DescribeCapacityProvidersRequest.builder();
        change.accept(request);
        return DescribeCapacityProviders.read(world.image(), request.build(), World.SCOPE);
    }

    private static List<String> names(DescribeCapacityProvidersResponse answer) {
        return answer.capacityProviders().stream().map(CapacityProvider::name).toList();
    }

    private Cluster cluster(String name, String... providers) {
        var request = CreateClusterRequest.builder().clusterName(name).capacityProviders(providers).build();
        return world.decide((image, scope, context) -> CreateCluster.decide(image, request, scope, context)).cluster();
    }

    private Cluster put(String cluster, String... providers) {
        var request = PutClusterCapacityProvidersRequest.builder().cluster(cluster).capacityProviders(providers)
                .defaultCapacityProviderStrategy(List.of()).build();
        return world.decide((image, scope, context) ->
                PutClusterCapacityProviders.decide(image, request, scope, context)).cluster();
    }

    private Cluster described(String name) {
        var request = DescribeClustersRequest.builder().clusters(name).include(ClusterField.ATTACHMENTS).build();
        return DescribeClusters.read(world.image(), request, World.SCOPE).clusters().getFirst();
    }

    private List<String> attachments(String cluster) {
        return described(cluster).attachments().stream().map(each -> each.type() + " " + each.status() + " "
                + each.details().stream().map(KeyValuePair::value).findFirst().orElseThrow()).toList();
    }
}
