package dev.landfall.ecs.agents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.Tasks;
import dev.landfall.protocol.TaskPayload;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.PlatformDevice;
import software.amazon.awssdk.services.ecs.model.PlatformDeviceType;
import software.amazon.awssdk.services.ecs.model.ResourceType;

/** What agents are sent of a task. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class PayloadsTest {
    private final World world = new World();

    private static PlatformDevice gpu(String id) {
        return PlatformDevice.builder().id(id).type(PlatformDeviceType.GPU).build();
    }

    private static ContainerDefinition withGpus(String name, int count) {
        return World.container(name).toBuilder().resourceRequirements(
                each -> each.type(ResourceType.GPU).value(String.valueOf(count))).build();
    }

    /** "associations": one for each GPU, of the type {@code gpu}, as Amazon's agent reads them. */
    @Test
    void gpusTravelAsAssociationsWithTheirContainers() {
        String arn = world.instance(1024, "default", request -> request.platformDevices(gpu("GPU-1"), gpu("GPU-2"),
                gpu("GPU-3"), gpu("GPU-4")));
        world.definition(request -> request.family("web").containerDefinitions(
                withGpus("one", 2), World.container("two"), withGpus("three", 1)));
        TaskRow task = world.task(world.runTask(request -> { }).tasks().getFirst().taskArn());

        TaskPayload payload = new Payloads().of(task, Tasks.definition(world.image(), task).definition(),
                world.image().get(EcsTables.INSTANCES, arn).orElseThrow());

        JsonNode associations = new ObjectMapper().valueToTree(payload).path("associations");
        assertThat(associations.toString()).isEqualTo("["
                + association("GPU-1", "one") + "," + association("GPU-2", "one") + ","
                + association("GPU-3", "three") + "]");
        assertThat(payload.gpus("one")).containsExactly("GPU-1", "GPU-2");
        assertThat(payload.gpus("two")).isEmpty();
        assertThat(TaskPayload.stop(task.arn(), "cluster").gpus("one")).isEmpty();
    }

    private static String association(String id, String container) {
        return "{\"name\":\"" + id + "\",\"type\":\"gpu\",\"containers\":[\"" + container
                + "\"],\"content\":{\"encoding\":\"base64\",\"value\":\"\"}}";
    }
}
