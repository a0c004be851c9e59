package dev.landfall.protocol.edge;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The checks of this package's records: what a document leaves out is empty, what is wrong is refused. */
final class Checks {
    private Checks() {}

    /** @throws IllegalArgumentException naming {@code what} and {@code value} unless {@code fine} */
    static void that(boolean fine, String what, Object value) {
        if (!fine) {
            throw new IllegalArgumentException(what + " is wrong: " + value);
        }
    }

    static void present(Object value, String what) {
        that(value != null && !"".equals(value), what, value);
    }

    static void port(int port) {
        that(port >= 1 && port <= 65_535, "port", port);
    }

    /** An IP address, not a name: nothing here may ask a resolver. */
    static void address(String address) {
        that(address != null && address.length() <= 45 && address.matches("[0-9.]{7,15}|[0-9A-Fa-f:.]{2,45}"),
                "address", address);
    }

    static <T> List<T> list(List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    /** Sorted, so that equal maps are written alike. */
    static Map<String, String> map(Map<String, String> map) {
        return map == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(map));
    }
}
