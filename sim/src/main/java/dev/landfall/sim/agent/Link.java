package dev.landfall.sim.agent;

import dev.landfall.protocol.Message;
import dev.landfall.sim.Timeline;
import dev.landfall.sim.plane.ServerLink;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A websocket between an agent and the control plane. Messages keep their order; when it breaks, those on their way are
 * lost and each end learns of it on its own. While the network is parted they wait, as TCP sends them again.
 */
final class Link implements ServerLink {
    /** When TCP gives up an end that does not answer (Linux, tcp_retries2). */
    private static final Duration GIVES_UP = Duration.ofMinutes(15);

    private static final Duration NOTICED = Duration.ofMillis(50);

    /** The agent's end. */
    interface AgentEnd {
        void opened(Link link);

        void received(Link link, Message message);

        void closed(Link link);

        /** The connection could not be made. */
        void failed();

        /** The control plane does not know this instance any more. */
        void inactive();
    }

    private final class Lane {
        private final String name;
        private final Consumer<Message> receiver;
        private final BooleanSupplier ready;
        private final Deque<Message> waiting = new ArrayDeque<>();
        private boolean moving;

        Lane(String name, Consumer<Message> receiver, BooleanSupplier ready) {
            this.name = name;
            this.receiver = receiver;
            this.ready = ready;
        }

        void send(Message message) {
            if (network.cuts()) {
                cut();
            }
            waiting.add(message);
            move();
        }

        void move() {
            if (!moving && !waiting.isEmpty() && !broken && ready.getAsBoolean()) {
                moving = true;
                timeline.after(network.latency(), name, new Label(machine, waiting.peek()), this::arrive);
            }
        }

        private void arrive() {
            moving = false;
            if (broken || network.partitioned()) {
                return;
            }
            receiver.accept(waiting.remove());
            move();
        }
    }

    private record Label(String machine, Message message) {
        @Override
        public String toString() {
            return machine + " " + described(message);
        }
    }

    private final Timeline timeline;
    private final Network network;
    private final String machine;
    private final AgentEnd agent;
    private final Lane toAgent = new Lane("to agent", this::atAgent, this::agentReady);
    private final Lane toServer = new Lane("to server", this::atServer, () -> true);
    private Optional<ServerLink.ServerEnd> server = Optional.empty();
    private boolean broken;
    private boolean agentKnows;
    private boolean serverKnows;
    private boolean agentReady;

    Link(Timeline timeline, Network network, String machine, AgentEnd agent) {
        this.timeline = timeline;
        this.network = network;
        this.machine = machine;
        this.agent = agent;
    }

    private static String described(Message message) {
        return switch (message) {
            case Message.PayloadMessage payload -> "payload " + payload.seqNum() + " " + payload.tasks().stream()
                    .map(task -> task.arn().substring(task.arn().lastIndexOf('/') + 1).substring(0, 6) + ">"
                            + task.desiredStatus()).toList();
            case Message.TaskManifestMessage manifest -> "manifest of " + manifest.tasks().size();
            case Message other -> other.getClass().getSimpleName();
        };
    }

    @Override
    public void served(ServerLink.ServerEnd end) {
        server = Optional.of(end);
    }

    /** The handshake's answer has arrived at the agent. */
    void opened() {
        if (broken) {
            return;
        }
        agentReady = true;
        agent.opened(this);
        toAgent.move();
    }

    private boolean agentReady() {
        return agentReady;
    }

    private void atAgent(Message message) {
        agent.received(this, message);
    }

    private void atServer(Message message) {
        server.orElseThrow().received(message);
    }

    @Override
    public void toAgent(Message message) {
        if (!broken) {
            toAgent.send(message);
        }
    }

    void toServer(Message message) {
        if (!broken) {
            toServer.send(message);
        }
    }

    boolean broken() {
        return broken;
    }

    boolean closed() {
        return broken && agentKnows && serverKnows;
    }

    void resume() {
        toAgent.move();
        toServer.move();
    }

    /** The connection breaks. */
    @Override
    public void cut() {
        if (broken) {
            return;
        }
        broken = true;
        Duration noticed = network.partitioned() ? GIVES_UP : NOTICED;
        timeline.after(noticed, "agent notices", machine, this::agentNotices);
        timeline.after(noticed, "server notices", machine, this::serverNotices);
    }

    private void agentNotices() {
        if (!agentKnows) {
            agentKnows = true;
            if (agentReady) {
                agent.closed(this);
            } else {
                agent.failed();
            }
        }
    }

    private void serverNotices() {
        if (!serverKnows) {
            serverKnows = true;
            server.ifPresent(ServerLink.ServerEnd::closed);
        }
    }

    /** The server closes; it hears of the end by itself. */
    @Override
    public void close() {
        if (broken) {
            return;
        }
        broken = true;
        timeline.after(NOTICED, "server closes", machine, this::serverNotices);
        timeline.after(network.partitioned() ? GIVES_UP : network.latency(), "closed by server", machine,
                this::agentNotices);
    }

    /** The agent's end is gone, by its own will or with its process. */
    void abandon() {
        agentKnows = true;
        if (broken) {
            return;
        }
        broken = true;
        timeline.after(network.partitioned() ? GIVES_UP : NOTICED, "server notices", machine,
                this::serverNotices);
    }
}
