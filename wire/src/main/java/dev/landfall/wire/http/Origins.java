package dev.landfall.wire.http;

import java.net.InetAddress;
import java.net.URI;
import java.util.Set;

/**
 * Which web pages may call. A server on loopback takes any credentials, and every page that its user looks at can reach
 * it; so only pages that this machine itself serves may, and those named explicitly. Immutable.
 */
final class Origins {
    private static final String ANY = "*";

    private final Set<String> named;
    private final boolean onLoopback;

    /** @param named origins such as {@code https://console.example:8443}, or {@code *} for all */
    Origins(Set<String> named, String listeningHost) {
        this.named = Set.copyOf(named);
        onLoopback = isLoopback(listeningHost);
    }

    /**
     * @param origin the {@code Origin} header
     * @param host the {@code Host} header. Beyond loopback, where calls are signed, a page may call the server it came
     *     from; on loopback a name that resolves here proves nothing.
     */
    boolean allow(String origin, String host) {
        if (named.contains(ANY) || named.contains(origin)) {
            return true;
        }
        URI page;
        try {
            page = URI.create(origin);
        } catch (IllegalArgumentException e) {
            return false;
        }
        if (page.getHost() == null) {
            return false;
        }
        return isLoopback(page.getHost()) || !onLoopback && page.getRawAuthority().equals(host);
    }

    /** By the text alone: no name is looked up. */
    private static boolean isLoopback(String host) {
        if (host.equals("localhost") || host.endsWith(".localhost")) {
            return true;
        }
        String address = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        if (!address.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            return false;
        }
        try {
            return InetAddress.ofLiteral(address).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
