package dev.landfall.elb.edge;

import dev.landfall.protocol.edge.EdgeJson;
import dev.landfall.protocol.edge.EdgeMessage;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.wire.SocketEndpoint;
import java.nio.charset.StandardCharsets;

/** Where data planes of other processes connect. They are told private keys: the server lets in who is signed only. */
public final class EdgeEndpoint implements SocketEndpoint {
    private static final int POLICY_VIOLATION = 1_008; // RFC 6455, 7.4.1
    private static final int GOING_AWAY = 1_001;
    private static final int TRY_AGAIN_LATER = 1_013;

    private final EdgeFeed feed;

    public EdgeEndpoint(EdgeFeed feed) {
        this.feed = feed;
    }

    @Override
    public String path() {
        return EdgeMessage.PATH;
    }

    @Override
    public Handler open(Request request) {
        String id = request.query().getOrDefault(EdgeMessage.ID, "");
        if (!Roster.isId(id)) {
            throw new Refused(400, "{\"message\":\"A data plane has to say which one it is.\"}");
        }
        return new Handler() {
            private Socket socket;
            private EdgeConnection connection;

            @Override
            public void opened(Socket opened) {
                socket = opened;
                connection = feed.connect(id, message -> send(opened, message)).orElse(null);
                if (connection == null) {
                    opened.close(TRY_AGAIN_LATER, "there are too many data planes");
                }
            }

            @Override
            public void text(String message) {
                if (connection == null) {
                    return;
                }
                try {
                    connection.report(EdgeJson.read(message.getBytes(StandardCharsets.UTF_8), EdgeReport.class));
                } catch (EdgeJson.Malformed e) {
                    socket.close(POLICY_VIOLATION, "no report");
                }
            }

            @Override
            public void closed(int code) {
                if (connection != null) {
                    connection.close();
                }
            }
        };
    }

    private static void send(SocketEndpoint.Socket socket, EdgeMessage message) {
        try {
            socket.send(new String(EdgeJson.write(message), StandardCharsets.UTF_8));
        } catch (RuntimeException e) {
            socket.close(GOING_AWAY, "not told");
            throw e;
        }
    }
}
