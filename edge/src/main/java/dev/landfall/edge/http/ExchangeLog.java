package dev.landfall.edge.http;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** What is noted of an exchange for its line in the access log. Mutable. */
final class ExchangeLog {
    long receivedNanos;
    long sentNanos;
    long firstByteNanos;
    int status;
    int targetStatus;
    boolean clientGone;
    boolean refused;
    boolean failed;
    String action = "";
    String redirect = "-";
    String trace = "-";

    /** The address of a client, as text. */
    byte[] clientText(InetSocketAddress client) {
        return client.getAddress().getHostAddress().getBytes(StandardCharsets.US_ASCII);
    }
}
