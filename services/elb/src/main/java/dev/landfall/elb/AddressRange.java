package dev.landfall.elb;

import dev.landfall.state.Image;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The loopback addresses that load balancers get, each its own, so that every listener can have its real port on one
 * machine.
 *
 * @param prefix the first two octets, such as {@code 127.66}
 */
public record AddressRange(String prefix) {
    private static final Pattern FORM = Pattern.compile("127\\.([0-9]{1,3})");
    /** Host parts of two octets, of which the last is neither 0 nor 255. */
    private static final int LAST_OCTETS = 254;
    private static final int COUNT = 256 * LAST_OCTETS;

    /** In 127.0.0.0/8, far from the addresses that resolvers and other tools take. */
    public static final AddressRange DEFAULT = new AddressRange("127.66");

    public AddressRange {
        Matcher form = FORM.matcher(prefix);
        if (!form.matches() || Integer.parseInt(form.group(1)) > 255) {
            throw new IllegalArgumentException("load balancers' addresses begin with 127.x: " + prefix);
        }
    }

    /**
     * An address that no load balancer has. It follows from the id, so that an address that has become free is not the
     * next one's at once, whom callers of the old one would reach.
     *
     * @param id hexadecimal digits
     */
    public Optional<String> free(Image image, String id) {
        int first = (int) Long.remainderUnsigned(Long.parseUnsignedLong(id, 16), COUNT);
        for (int i = 0; i < COUNT; i++) {
            String address = address((first + i) % COUNT);
            if (image.count(ElbTables.LOAD_BALANCERS, ElbTables.LOAD_BALANCERS_BY_ADDRESS, address) == 0
                    && image.count(ElbTables.CLASSIC, ElbTables.CLASSIC_BY_ADDRESS, address) == 0) {
                return Optional.of(address);
            }
        }
        return Optional.empty();
    }

    private String address(int number) {
        return prefix + '.' + number / LAST_OCTETS + '.' + (number % LAST_OCTETS + 1);
    }
}
