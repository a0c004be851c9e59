package dev.landfall.edge.door;

import dev.landfall.edge.route.Wildcard;
import io.netty.channel.ChannelHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where the names lead that a port's load balancers have: to who has the very name, or else to the first who has a
 * pattern that it fits. Immutable.
 *
 * @param only the one that has the port for itself, and takes any name
 */
record Names(Map<String, ChannelHandler> exact, List<Fits> patterns, Optional<ChannelHandler> only) {
    /** RFC 1035, 2.3.4; whatever is longer is no name, and not worth comparing. */
    private static final int LONGEST = 255;

    /** A name with {@code *} or {@code ?}. */
    record Fits(String text, Wildcard pattern, ChannelHandler listener) {}

    /** Of several of one name the last counts. */
    static Names of(List<Doors.Named> named) {
        var exact = new TreeMap<String, ChannelHandler>();
        var patterns = new ArrayList<Fits>();
        var listeners = new HashSet<ChannelHandler>();
        for (Doors.Named each : named) {
            String name = each.name().toLowerCase(Locale.ROOT);
            listeners.add(each.listener());
            if (name.indexOf('*') < 0 && name.indexOf('?') < 0) {
                exact.put(name, each.listener());
            } else {
                patterns.add(new Fits(name, Wildcard.of(name, Wildcard.Mode.IGNORE_CASE), each.listener()));
            }
        }
        return new Names(exact, List.copyOf(patterns), listeners.size() == 1
                ? Optional.of(listeners.iterator().next()) : Optional.empty());
    }

    /** Where a name leads; a final dot and a port do not count. */
    Optional<ChannelHandler> lead(String name) {
        String host = name.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]*$", "").replaceFirst("\\.$", "");
        if (host.length() > LONGEST) {
            return Optional.empty();
        }
        byte[] bytes = host.getBytes(StandardCharsets.ISO_8859_1);
        return Optional.ofNullable(exact.get(host)).or(() -> patterns.stream()
                .filter(fits -> fits.pattern().matches(bytes, 0, bytes.length)).map(Fits::listener).findFirst());
    }

    /** For people to read, a line each. */
    String listed() {
        var all = new ArrayList<>(exact.keySet());
        patterns.forEach(fits -> all.add(fits.text()));
        return String.join("\n", all);
    }
}
