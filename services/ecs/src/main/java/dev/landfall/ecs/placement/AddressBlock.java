package dev.landfall.ecs.placement;

import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** An IPv4 block in CIDR form, {@code 10.213.0.0/20}; addresses are told by their offset in it. */
public record AddressBlock(int network, int prefixLength) {
    /** The network's own address and the gateway come first. */
    private static final int FIRST_OFFSET = 2;

    private static final Pattern CIDR =
            Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1?\\d?\\d)/([89]|[12]\\d|30)");

    /** Whether {@link #parse} can read it: four octets and a prefix that leaves room for tasks. */
    public static boolean valid(String cidr) {
        return CIDR.matcher(cidr).matches();
    }

    public static AddressBlock parse(String cidr) {
        String[] parts = cidr.split("/");
        int network = 0;
        for (String octet : parts[0].split("\\.")) {
            network = network << 8 | Integer.parseInt(octet);
        }
        return new AddressBlock(network, Integer.parseInt(parts[1]));
    }

    /** The offset that follows {@code last}, around the block's end, and whose address is free. */
    public OptionalInt next(Predicate<String> free, int last) {
        int end = (1 << 32 - prefixLength) - 1; // the last address is the broadcast address
        int usable = end - FIRST_OFFSET;
        int from = Math.max(last + 1, FIRST_OFFSET); // nothing was given before the first
        for (int i = 0; i < usable; i++) {
            int offset = FIRST_OFFSET + Math.floorMod(from - FIRST_OFFSET + i, usable);
            if (free.test(address(offset))) {
                return OptionalInt.of(offset);
            }
        }
        return OptionalInt.empty();
    }

    public String address(int offset) {
        int address = network + offset;
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }

    /** The gateway with the block's prefix length, as the agent protocol writes it. */
    public String gateway() {
        return address(1) + "/" + prefixLength;
    }

    /** A locally administered MAC address that follows from the address, as Docker derives it. */
    public static String mac(String address) {
        String[] octets = address.split("\\.");
        return "02:42:%02x:%02x:%02x:%02x".formatted(Integer.parseInt(octets[0]), Integer.parseInt(octets[1]),
                Integer.parseInt(octets[2]), Integer.parseInt(octets[3]));
    }
}
