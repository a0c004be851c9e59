package dev.landfall.edge.tls;

/**
 * What the handshake with a client came to, for logs and headers; dashes without TLS.
 *
 * @param cipher in OpenSSL's names
 */
public record TlsInfo(String protocol, String cipher, String serverName, String certificateArn) {
    public static final TlsInfo NONE = new TlsInfo("-", "-", "-", "-");

    public boolean present() {
        return this != NONE;
    }
}
