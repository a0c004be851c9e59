package dev.landfall.ecs.instance;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.World;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.MissingVersionException;
import software.amazon.awssdk.services.ecs.model.NoUpdateAvailableException;
import software.amazon.awssdk.services.ecs.model.UpdateContainerAgentRequest;

class UpdateContainerAgentTest {
    private final World world = new World();

    private ThrowingCallable update(String cluster, String instance) {
        return () -> UpdateContainerAgent.read(world.image(),
                UpdateContainerAgentRequest.builder().cluster(cluster).containerInstance(instance).build(),
                World.SCOPE);
    }

    @Test
    void anAgentIsAlwaysAsNewAsItCanBe() {
        String known = world.instance(1_024, "default", request ->
                request.versionInfo(version -> version.agentVersion("1.80.0")));
        assertThatThrownBy(update(null, known)).isInstanceOf(NoUpdateAvailableException.class)
                .hasMessageContaining("There is no update available for your container agent.");
    }

    @Test
    void anAgentWithoutAVersionCannotBeJudged() {
        String unknown = world.instance(1_024);
        assertThatThrownBy(update("default", unknown)).isInstanceOf(MissingVersionException.class);
    }

    @Test
    void onlyInstancesOfTheClusterHaveAgents() {
        assertThatThrownBy(update("default", "0".repeat(32))).isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(update("default", null)).isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(update("other", "x")).isInstanceOf(ClusterNotFoundException.class);
        String managed = world.managedInstance(1_024);
        assertThatThrownBy(update("default", managed)).isInstanceOf(InvalidParameterException.class);
    }
}
