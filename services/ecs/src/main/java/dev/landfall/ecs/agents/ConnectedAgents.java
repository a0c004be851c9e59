package dev.landfall.ecs.agents;

import dev.landfall.ecs.EcsEffect;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.AgentConnection;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.state.Commit;
import dev.landfall.state.Decisions;
import dev.landfall.state.Write;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * The agents that are connected now, one control session each. Tasks are handed to sessions by name only: a session
 * looks the task up when it sends, so that what the agent gets is the newest durable state. Has no thread of its own;
 * safe for any thread.
 */
public final class ConnectedAgents {
    /** How long an agent may take to come back after a start of the control plane before it counts as disconnected. */
    public static final Duration RETURN_GRACE = Duration.ofSeconds(20);

    /** One agent's control session. */
    public interface Session {
        String instanceArn();

        /** Has the task's newest state sent, soon: must not block. */
        void offer(String taskArn);

        /** Sends a heartbeat, soon, and what seems to have got lost; must not block. */
        void beat();

        /** Asks the agent to connect anew, at once; may block. */
        void end();
    }

    private final Decisions decisions;
    private final Executor blocking;
    private final Map<String, Session> byInstance = new ConcurrentHashMap<>();
    private volatile boolean closing;

    /** @param blocking where work that may block is done, soon */
    public ConnectedAgents(Decisions decisions, Executor blocking) {
        this.decisions = decisions;
        this.blocking = blocking;
        decisions.onEffect(effect -> {
            if (effect instanceof EcsEffect ours) {
                carryOut(ours);
            }
        });
        decisions.follow(this::changed);
    }

    /** An agent whose instance was deregistered is asked to connect anew, and hears then that it is not registered. */
    private void changed(Commit commit) {
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var table, var row) && table == EcsTables.INSTANCES
                    && row instanceof InstanceRow instance && "INACTIVE".equals(instance.instance().status())) {
                Session session = byInstance.get(instance.arn());
                if (session != null) {
                    blocking.execute(session::end);
                }
            }
        }
    }

    private void carryOut(EcsEffect effect) {
        switch (effect) {
            case EcsEffect.Deliver(var instanceArn, var taskArn) -> {
                Session session = byInstance.get(instanceArn);
                if (session != null) {
                    session.offer(taskArn);
                }
            }
        }
    }

    /** A newer session of the same agent takes the older one's place. */
    public void opened(Session session) {
        Session before = byInstance.put(session.instanceArn(), session);
        if (before != null) {
            before.end();
        }
        note(session.instanceArn());
    }

    public void closed(Session session) {
        if (byInstance.remove(session.instanceArn(), session) && !closing) {
            note(session.instanceArn());
        }
    }

    /**
     * Writes down whether the agent is connected. Sessions come and go on threads of their own, so what was seen may be
     * old when it is written: whoever writes looks again, and the last one to write has seen the last change.
     */
    private void note(String instanceArn) {
        boolean connected;
        do {
            connected = byInstance.containsKey(instanceArn);
            boolean seen = connected;
            decisions.submit((image, context) -> AgentConnection.decide(image, instanceArn, seen, context));
        } while (connected != byInstance.containsKey(instanceArn));
    }

    /** Agents that were connected when the control plane died and have not come back are disconnected. */
    public void noteMissing() {
        for (InstanceRow row : decisions.image().all(EcsTables.INSTANCES)) {
            if (row.instance().agentConnected() && !byInstance.containsKey(row.arn()) && !closing) {
                note(row.arn());
            }
        }
    }

    /**
     * Has the hearts of some agents beat: not all at the same moment.
     *
     * @param turn counts up; each agent has its turn once in {@code turns}
     */
    public void beat(int turn, int turns) {
        byInstance.forEach((arn, session) -> {
            if (Math.floorMod(arn.hashCode(), turns) == Math.floorMod(turn, turns)) {
                session.beat();
            }
        });
    }

    /** Ends all sessions; the agents come back to whoever serves next. */
    public void close() {
        closing = true;
        byInstance.values().forEach(Session::end);
    }
}
