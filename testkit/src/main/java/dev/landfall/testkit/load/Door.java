package dev.landfall.testkit.load;

import java.net.InetSocketAddress;

/**
 * Where clients knock, and who has to answer there.
 *
 * @param host of the Host field
 * @param prefix of every path; may be empty
 * @param service whose tasks have to answer
 */
public record Door(InetSocketAddress address, String host, String prefix, String service) {
    public static Door at(String address, int port, String host, String service) {
        return new Door(new InetSocketAddress(address, port), host, "", service);
    }

    public Door under(String path, String other) {
        return new Door(address, host, path, other);
    }

    public Door named(String name, String other) {
        return new Door(address, name, prefix, other);
    }
}
