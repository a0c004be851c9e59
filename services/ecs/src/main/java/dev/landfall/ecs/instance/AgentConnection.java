package dev.landfall.ecs.instance;

import dev.landfall.ecs.EcsTables;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;

/** Notes whether an instance's agent is connected; only then are tasks placed on it. */
public final class AgentConnection {
    private AgentConnection() {}

    public static Decision<Void> decide(Image image, String instanceArn, boolean connected, Context context) {
        var draft = new Draft(image);
        image.get(EcsTables.INSTANCES, instanceArn)
                .filter(row -> row.instance().agentConnected() != connected)
                .ifPresent(row -> {
                    Instances.put(draft,
                            row.with(row.instance().toBuilder().agentConnected(connected)
                                    .version(row.instance().version() + 1).build()));
                    if (connected) {
                        draft.delete(EcsTables.ABSENCES, instanceArn);
                    } else {
                        draft.put(EcsTables.ABSENCES, new Absence(instanceArn, context.now()));
                    }
                });
        return draft.reply(null);
    }
}
