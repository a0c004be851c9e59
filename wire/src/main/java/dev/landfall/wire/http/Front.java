package dev.landfall.wire.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * Where every connection begins: tells HTTP/2 from HTTP/1.1 by the first bytes. It stands before Helidon's own
 * selection for two reasons: that one takes a caller who hangs up for a failure of the server and logs a stack trace,
 * and it puts no limit on connections that never say anything or stop within the headers.
 */
final class Front implements ServerConnectionSelector, Http1ConnectionListener {
    /** No HTTP/1.1 method that we serve begins with what every HTTP/2 connection begins with. */
    private static final byte[] HTTP_2 = {'P', 'R', 'I'};

    private final Watchdog watchdog;
    private ServerConnectionSelector http1;
    private ServerConnectionSelector http2;

    Front(Watchdog watchdog) {
        this.watchdog = watchdog;
    }

    /** Completes the construction: the HTTP/1.1 selector needs this object as its listener first. */
    Front over(ServerConnectionSelector http1, ServerConnectionSelector http2) {
        this.http1 = http1;
        this.http2 = http2;
        return this;
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return Set.of("http/1.1", "h2");
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        return new Guarded(context);
    }

    @Override
    public void prologue(ConnectionContext context, HttpPrologue prologue) {
        if (context instanceof Guarded guarded) {
            guarded.watchHeaders();
        }
    }

    @Override
    public void headers(ConnectionContext context, Headers headers) {
        if (context instanceof Guarded guarded) {
            guarded.headersAreThere();
        }
    }

    /** A connection and, to the protocol that takes it over, its context: the end of the stream is an end, no error. */
    private final class Guarded implements ServerConnection, ConnectionContext {
        private final ConnectionContext outer;
        private final DataReader reader;
        private final long startNanos = System.nanoTime();
        private volatile ServerConnection inner;
        private volatile Thread thread;
        private Watchdog.Watch headers;

        private Guarded(ConnectionContext outer) {
            this.outer = outer;
            reader = new DataReader(this::receive);
        }

        private byte[] receive() {
            byte[] bytes;
            try {
                bytes = outer.serverSocket().get();
            } catch (RuntimeException e) {
                throw new CloseConnectionException("the connection broke", e);
            }
            if (bytes == null) {
                throw new CloseConnectionException("the other side has closed");
            }
            return bytes;
        }

        @Override
        public void handle(Limit limit) throws InterruptedException {
            thread = Thread.currentThread();
            try {
                byte[] first = new byte[HTTP_2.length];
                reader.getBuffer(first.length).read(first);
                ServerConnectionSelector selector = Arrays.equals(first, HTTP_2) ? http2 : http1;
                ServerConnection chosen = selector.connection(this);
                inner = chosen;
                chosen.handle(limit);
            } finally {
                headersAreThere();
            }
        }

        private void watchHeaders() {
            headers = watchdog.watch();
        }

        private void headersAreThere() {
            Watchdog.Watch watching = headers;
            if (watching != null) {
                headers = null;
                watching.close();
            }
        }

        @Override
        public Duration idleTime() {
            ServerConnection chosen = inner;
            return chosen == null ? Duration.ofNanos(System.nanoTime() - startNanos) : chosen.idleTime();
        }

        @Override
        public void close(boolean interrupt) {
            ServerConnection chosen = inner;
            Thread waiting = thread;
            if (chosen != null) {
                chosen.close(interrupt);
            } else if (waiting != null) {
                waiting.interrupt();
            }
        }

        @Override
        public DataReader dataReader() {
            return reader;
        }

        @Override
        public ListenerContext listenerContext() {
            return outer.listenerContext();
        }

        @Override
        public ExecutorService executor() {
            return outer.executor();
        }

        @Override
        public DataWriter dataWriter() {
            return outer.dataWriter();
        }

        @Override
        public Router router() {
            return outer.router();
        }

        @Override
        public HelidonSocket serverSocket() {
            return outer.serverSocket();
        }

        @Override
        public PeerInfo remotePeer() {
            return outer.remotePeer();
        }

        @Override
        public PeerInfo localPeer() {
            return outer.localPeer();
        }

        @Override
        public boolean isSecure() {
            return outer.isSecure();
        }

        @Override
        public String socketId() {
            return outer.socketId();
        }

        @Override
        public String childSocketId() {
            return outer.childSocketId();
        }
    }
}
