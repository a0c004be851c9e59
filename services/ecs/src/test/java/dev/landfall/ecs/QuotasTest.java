package dev.landfall.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.state.Decision;
import dev.landfall.state.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.Tag;

/** AWS's default quotas: the last one that fits is taken, the next refused. */
class QuotasTest {
    private final World world = new World();

    private void put(int from, int to, IntFunction<Write<?>> write) {
        world.apply(new Decision<>("", new ArrayList<>(IntStream.range(from, to).mapToObj(write).toList()), List.of()));
    }

    private static void refused(ThrowingCallable act, String message) {
        assertThatThrownBy(act).isInstanceOf(ClientException.class)
                .extracting(error -> ((ClientException) error).awsErrorDetails().errorMessage()).isEqualTo(message);
    }

    @Test
    void anAccountHasTenThousandClusters() {
        put(1, 9_999, i -> Write.put(EcsTables.CLUSTERS, new ClusterRow(Cluster.builder().clusterName("c" + i)
                .clusterArn(World.ARN + "cluster/c" + i).status("ACTIVE").build())));
        world.cluster("last");
        refused(() -> world.cluster("more"), "The maximum number of clusters has been reached: 10000.");
        assertThat(world.cluster("last").clusterName()).as("which is there already").isEqualTo("last");
    }

    @Test
    void aClusterHasFiveThousandServices() {
        world.definition("web");
        world.createService(request -> request.desiredCount(0));
        ServiceRow row = world.image().get(EcsTables.SERVICES, World.serviceArn("svc")).orElseThrow();
        put(1, 4_999, i -> Write.put(EcsTables.SERVICES, new ServiceRow(row.service().toBuilder()
                .serviceName("s" + i).serviceArn(World.serviceArn("s" + i)).build(), List.of(), 0, row.notBefore(),
                true, "")));
        world.createService(request -> request.serviceName("last").desiredCount(0));
        refused(() -> world.createService(request -> request.serviceName("more").desiredCount(0)),
                "The maximum number of services per cluster has been reached: 5000.");
        world.cluster("other");
        assertThat(world.createService(request -> request.cluster("other").desiredCount(0)).status())
                .isEqualTo("ACTIVE");
    }

    @Test
    void aClusterHasFiveThousandInstances() {
        String first = world.instance(1_024);
        InstanceRow row = world.image().get(EcsTables.INSTANCES, first).orElseThrow();
        put(1, 4_999, i -> Write.put(EcsTables.INSTANCES, row.with(row.instance().toBuilder()
                .containerInstanceArn(World.ARN + "container-instance/default/f%031d".formatted(i)).build())));
        world.instance(1_024);
        refused(() -> world.instance(1_024),
                "The maximum number of container instances per cluster has been reached: 5000.");
        assertThat(world.managedInstance(1_024)).as("which is no container instance of the cluster").isNotEmpty();
    }

    @Test
    void aTaskDefinitionHasSixtyFourKibibytes() {
        refused(() -> define(65_536), "Actual length: '65672'. Max allowed length is '65536' bytes.");
        define(65_000);
    }

    private void define(int length) {
        world.definition(request -> request.containerDefinitions(World.container("app").toBuilder()
                .environment(KeyValuePair.builder().name("A").value("x".repeat(length)).build()).build()));
    }

    @Test
    void aTaskHasFiftyTagsWithThoseOfItsDefinitionAndWithoutEcsOwn() {
        world.instance(1_024);
        world.definition(request -> request.tags(tags("d", 30)));
        assertThat(world.runTask(request -> request.tags(tags("t", 20)).propagateTags("TASK_DEFINITION")
                .enableECSManagedTags(true)).tasks().getFirst().tags()).hasSize(51);
        assertThatThrownBy(() -> world.runTask(request ->
                request.tags(tags("t", 21)).propagateTags("TASK_DEFINITION")))
                .isInstanceOf(InvalidParameterException.class);
    }

    private static List<Tag> tags(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> Tag.builder().key(prefix + i).value("v").build()).toList();
    }
}
