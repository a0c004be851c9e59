package dev.landfall.agent.network;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** An IPv4 block, such as 10.213.0.0/20. */
public record AddressBlock(int first, int prefix) {
    public AddressBlock {
        if (prefix < 0 || prefix > 32) {
            throw new IllegalArgumentException("a prefix has 0 to 32 bits");
        }
        first &= mask(prefix);
    }

    /** Reads {@code a.b.c.d/n}; empty for anything else, IPv6 included. */
    public static Optional<AddressBlock> parse(String cidr) {
        String[] parts = cidr.split("/", 2);
        if (!parts[0].matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
            return Optional.empty();
        }
        try {
            byte[] bytes = InetAddress.getByName(parts[0]).getAddress();
            int address = 0;
            for (byte part : bytes) {
                address = address << 8 | part & 0xff;
            }
            return Optional.of(new AddressBlock(address, parts.length < 2 ? 32 : Integer.parseInt(parts[1])));
        } catch (UnknownHostException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public boolean overlaps(AddressBlock other) {
        int shorter = mask(Math.min(prefix, other.prefix));
        return (first & shorter) == (other.first & shorter);
    }

    /** The address {@code offset} after the first. */
    public String address(int offset) {
        return dotted(first + offset);
    }

    private static int mask(int prefix) {
        return prefix == 0 ? 0 : -1 << 32 - prefix;
    }

    private static String dotted(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }

    @Override
    public String toString() {
        return dotted(first) + "/" + prefix;
    }
}
