package dev.landfall.ecs.agents;

import dev.landfall.protocol.Frames;
import dev.landfall.protocol.Message;
import dev.landfall.state.Decisions;
import dev.landfall.wire.SocketEndpoint;
import java.util.List;

/**
 * Where agents publish health and metrics. Every publication is acknowledged, which also keeps the connection alive.
 */
final class TcsEndpoint implements SocketEndpoint {
    static final String BASE = "/tcs/";

    private final Decisions writer;

    TcsEndpoint(Decisions writer) {
        this.writer = writer;
    }

    @Override
    public String path() {
        return BASE + "ws";
    }

    @Override
    public Handler open(Request request) {
        AgentSessions.instance(writer.image(), request, "containerInstance");
        return new Session();
    }

    private final class Session implements Handler {
        private volatile Socket socket;

        @Override
        public void opened(Socket opened) {
            socket = opened;
        }

        @Override
        public void text(String text) {
            switch (Frames.read(text)) {
                case Message.PublishHealthRequest health -> {
                    List<Message.TaskHealth> tasks = health.tasks() == null ? List.of() : health.tasks();
                    if (!tasks.isEmpty()) {
                        writer.submit((image, context) -> HealthReport.decide(image, tasks));
                    }
                    send(new Message.AckPublishHealth(""));
                }
                case Message.PublishMetricsRequest metrics -> send(new Message.AckPublishMetric(""));
                case Message.PublishInstanceStatusRequest status -> send(new Message.AckPublishInstanceStatus(""));
                case Message other -> { } // nothing else is expected here; the protocol says to ignore it
            }
        }

        @Override
        public void closed(int code) {
            // nothing is kept for a telemetry connection
        }

        private void send(Message message) {
            socket.send(Frames.write(message));
        }
    }
}
