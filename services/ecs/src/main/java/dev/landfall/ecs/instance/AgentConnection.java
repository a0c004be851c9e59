package dev.landfall.ecs.instance;

import dev.landfall.ecs.EcsTables;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;

/** Notes whether an instance's agent is connected; only then are tasks placed on it. */
public final class AgentConnection {
    private AgentConnection() {}

    public static Decision<Void> decide(Image image, String instanceArn, boolean connected) {
        return image.get(EcsTables.INSTANCES, instanceArn)
                .filter(row -> row.instance().agentConnected() != connected)
                .map(row -> noted(image, row.with(row.instance().toBuilder().agentConnected(connected)
                        .version(row.instance().version() + 1).build())))
                .orElse(Decision.of(null));
    }

    private static Decision<Void> noted(Image image, InstanceRow row) {
        var draft = new Draft(image);
        Instances.put(draft, row);
        return draft.reply(null);
    }
}
