package dev.landfall.agent.metadata;

import com.sun.net.httpserver.HttpServer;
import dev.landfall.agent.engine.EngineError;
import dev.landfall.agent.pause.HostSetup;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;

/**
 * The address that containers find the agent at: 169.254.170.2, or the next one if another agent on this machine has
 * it. The address is given to the host's loopback, so it is reached from every network namespace through its gateway;
 * its port 80 is a rule of the host's that leads to the port we listen on. Where that cannot be had, a loopback port
 * serves containers in the host's network.
 */
public final class MetadataAddress {
    private static final System.Logger LOG = System.getLogger(MetadataAddress.class.getName());
    static final String PREFIX = "169.254.170.";
    static final int FIRST = 2;
    static final int LAST = 31;

    /** Where Amazon's agent listens as well. */
    private static final int PORT = 51679;

    private final HttpServer http;
    private final String base;

    private MetadataAddress(HttpServer http, String base) {
        this.http = http;
        this.base = base;
    }

    /** What URIs begin with, such as {@code http://169.254.170.2}. */
    public String base() {
        return base;
    }

    public HttpServer http() {
        return http;
    }

    /** Finds an address, first of all {@code remembered}: containers that already run know it. */
    public static MetadataAddress open(Optional<String> remembered, HostSetup setup) throws IOException {
        List<String> candidates = new ArrayList<>();
        remembered.filter(address -> address.startsWith(PREFIX)).ifPresent(candidates::add);
        for (int last = FIRST; last <= LAST; last++) {
            candidates.add(PREFIX + last);
        }
        for (String address : candidates) {
            try {
                return started(bind(address, setup), "http://" + address);
            } catch (BindException e) {
                if (!inUse(e)) {
                    LOG.log(System.Logger.Level.WARNING,
                            "containers cannot reach the metadata endpoint: {0}:{1}: {2}", address, PORT,
                                    e.getMessage());
                    break;
                }
            }
        }
        HttpServer loopback = loopback();
        return started(loopback, "http://127.0.0.1:" + loopback.getAddress().getPort());
    }

    /** Listens first of all where the address is there already: that finds out whether another agent has it. */
    private static HttpServer bind(String address, HostSetup setup) throws IOException {
        Optional<HttpServer> early = Optional.empty();
        try {
            early = Optional.of(listen(address, PORT));
        } catch (SocketException e) {
            if (inUse(e)) {
                throw e;
            }
        }
        try {
            if (!setup.giveAddress(address, alias(address), PORT)) {
                throw new BindException("the host did not take the address and its rules; is iptables installed?");
            }
            return early.isPresent() ? early.get() : listen(address, PORT);
        } catch (EngineError | IOException e) {
            early.ifPresent(http -> http.stop(0));
            throw new BindException(e.getMessage());
        }
    }

    private static String alias(String address) {
        return "lo:lf" + address.substring(PREFIX.length());
    }

    /** Takes the address away from the host; for when no container uses it any more. */
    public void remove(HostSetup setup) {
        String address = base.substring("http://".length());
        if (address.startsWith(PREFIX)) {
            setup.takeAddress(address, alias(address), PORT);
        }
        // Not before: as long as somebody listens, no other agent takes the address for its own.
        http.stop(0);
    }

    private static HttpServer loopback() throws IOException {
        try {
            return listen("127.0.0.1", PORT);
        } catch (BindException e) {
            return listen("127.0.0.1", 0);
        }
    }

    private static HttpServer listen(String address, int port) throws IOException {
        return HttpServer.create(new InetSocketAddress(address, port), 0);
    }

    private static boolean inUse(SocketException e) {
        return e.getMessage() != null && e.getMessage().contains("in use");
    }

    private static MetadataAddress started(HttpServer http, String base) {
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.start();
        return new MetadataAddress(http, base);
    }
}
