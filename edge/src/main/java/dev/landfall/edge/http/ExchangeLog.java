package dev.landfall.edge.http;

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
}
