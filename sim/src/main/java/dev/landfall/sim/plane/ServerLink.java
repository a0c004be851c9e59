package dev.landfall.sim.plane;

import dev.landfall.protocol.Message;

/** An agent's control connection as the control plane sees it. */
public interface ServerLink {
    /** What the control plane does with it. */
    interface ServerEnd {
        void received(Message message);

        void closed();
    }

    /** Names who listens at the server's end. */
    void served(ServerEnd end);

    void toAgent(Message message);

    /** Closes it in good order. */
    void close();

    /** It breaks, as when the process dies. */
    void cut();
}
