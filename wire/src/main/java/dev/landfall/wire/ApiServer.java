package dev.landfall.wire;

import dev.landfall.wire.http.Listener;
import dev.landfall.wire.model.ServiceModel;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The server of all AWS APIs and websockets of one process, on one port: HTTP/1.1 and HTTP/2 without TLS. It listens
 * from construction until it is closed. Each call runs on a virtual thread of its own, which the service may block.
 */
public final class ApiServer implements AutoCloseable {
    private final Config config;
    private final Listener listener;

    public ApiServer(Config config, List<Exposed> services, List<SocketEndpoint> sockets) {
        this(config, services, sockets, List.of());
    }

    public ApiServer(
            Config config, List<Exposed> services, List<SocketEndpoint> sockets, List<LocalEndpoint> locals) {
        this.config = config;
        listener = new Listener(config, services.stream().map(ServiceModel::new).toList(), sockets, locals)
                .start();
    }

    /**
     * What a server is told.
     *
     * @param port 0 takes any free one
     * @param maxBodyBytes the largest request body, before and after decompression
     * @param slowClientTimeout how long a client may take to send the headers, and again the body, of one request
     * @param idleTimeout how long a connection may stay open without a request or websocket frame
     * @param maxFrameBytes the largest websocket message
     * @param allowedOrigins web origins whose pages may call, besides this machine's own; {@code *} for any
     * @param secretKeys verify the calls' signatures; {@link SecretKeys#UNVERIFIED} takes any
     */
    public record Config(
            String host,
            int port,
            int maxBodyBytes,
            Duration slowClientTimeout,
            Duration idleTimeout,
            int maxFrameBytes,
            Set<String> allowedOrigins,
            SecretKeys secretKeys) {
        /** PutLogEvents takes 1 MiB of events, which JSON escapes may lengthen several times. */
        private static final int MAX_BODY_BYTES = 6 << 20;

        /** A payload message of many tasks, or the state of a large instance. */
        private static final int MAX_FRAME_BYTES = 32 << 20;

        public static Config on(String host, int port) {
            return new Config(host, port, MAX_BODY_BYTES, Duration.ofSeconds(20), Duration.ofMinutes(10),
                    MAX_FRAME_BYTES, Set.of(), SecretKeys.UNVERIFIED);
        }

        public Config withMaxBodyBytes(int bytes) {
            return new Config(host, port, bytes, slowClientTimeout, idleTimeout, maxFrameBytes, allowedOrigins,
                    secretKeys);
        }

        public Config withSlowClientTimeout(Duration timeout) {
            return new Config(host, port, maxBodyBytes, timeout, idleTimeout, maxFrameBytes, allowedOrigins,
                    secretKeys);
        }

        public Config withAllowedOrigins(Set<String> origins) {
            return new Config(host, port, maxBodyBytes, slowClientTimeout, idleTimeout, maxFrameBytes, origins,
                    secretKeys);
        }

        public Config withSecretKeys(SecretKeys keys) {
            return new Config(host, port, maxBodyBytes, slowClientTimeout, idleTimeout, maxFrameBytes, allowedOrigins,
                    keys);
        }
    }

    /** Makes ready what every server needs and the first one would wait for. */
    public static void prepare() {
        Listener.prepare();
    }

    public int port() {
        return listener.port();
    }

    public URI uri() {
        boolean anywhere = config.host().equals("0.0.0.0") || config.host().equals("::");
        String host = anywhere ? "127.0.0.1" : config.host();
        return URI.create("http://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port());
    }

    /** How many requests failed through no fault of their callers since the start. */
    public long faults() {
        return listener.faults();
    }

    @Override
    public void close() {
        listener.close();
    }
}
