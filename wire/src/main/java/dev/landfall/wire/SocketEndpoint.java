package dev.landfall.wire;

import java.util.Map;

/** A websocket path served beside the APIs, such as the agent protocol's {@code /acs/ws}. */
public interface SocketEndpoint {
    String path();

    /**
     * Decides on an upgrade, before the 101.
     *
     * @throws Refused to answer the upgrade with a status and a JSON body instead
     */
    Handler open(Request request);

    /** Query parameters are decoded. */
    record Request(Map<String, String> query, Call call) {}

    /** One connection's receiver; called by one thread at a time, which may block. */
    interface Handler {
        void opened(Socket socket);

        void text(String message);

        /** Called once, also when the connection broke; 1006 stands for no close frame. */
        void closed(int code);
    }

    /** One connection's sender; safe for any thread. Sending on a closed one throws {@link IllegalStateException}. */
    interface Socket {
        void send(String text);

        void close(int code, String reason);
    }

    final class Refused extends RuntimeException {
        private final int status;
        private final String json;

        public Refused(int status, String json) {
            super(json, null, false, false);
            this.status = status;
            this.json = json;
        }

        public int status() {
            return status;
        }

        public String json() {
            return json;
        }
    }
}
