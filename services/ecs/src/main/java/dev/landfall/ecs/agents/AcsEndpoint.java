package dev.landfall.ecs.agents;

import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.wire.SocketEndpoint;

/** Where agents open their control session. */
final class AcsEndpoint implements SocketEndpoint {
    static final String BASE = "/acs/";

    private final AgentSessions sessions;

    AcsEndpoint(AgentSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public String path() {
        return BASE + "ws";
    }

    @Override
    public Handler open(Request request) {
        InstanceRow instance = AgentSessions.instance(sessions.writer().image(), request, "containerInstanceArn");
        return new AcsSession(sessions, instance.arn());
    }
}
