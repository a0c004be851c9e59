package dev.landfall.edge.http;

import dev.landfall.edge.net.Loop;
import dev.landfall.edge.tls.TlsInfo;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * The client at the other end of a connection.
 *
 * @param loop the connection's
 * @param zone the zone whose node the client came to
 * @param tls what TLS came to; {@link TlsInfo#NONE} without
 * @param text the address without the port, as text
 */
record Peer(Loop loop, InetSocketAddress address, String zone, TlsInfo tls, byte[] text) {
    static Peer of(Loop loop, InetSocketAddress address, String zone, TlsInfo tls) {
        return new Peer(loop, address, zone, tls,
                address.getAddress().getHostAddress().getBytes(StandardCharsets.US_ASCII));
    }
}
