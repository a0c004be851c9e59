package dev.landfall.edge.http;

import dev.landfall.edge.net.Loop;
import dev.landfall.edge.tls.TlsInfo;
import java.net.InetSocketAddress;

/**
 * The client at the other end of a connection.
 *
 * @param loop the connection's
 * @param zone the zone whose node the client came to
 * @param tls what TLS came to; {@link TlsInfo#NONE} without
 */
record Peer(Loop loop, InetSocketAddress address, String zone, TlsInfo tls) {}
