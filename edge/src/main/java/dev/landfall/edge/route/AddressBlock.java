package dev.landfall.edge.route;

import io.netty.util.NetUtil;

/** A block of IP addresses, such as 10.0.0.0/8. */
public record AddressBlock(byte[] address, int prefixLength) {
    /** @throws IllegalArgumentException if the text is no block */
    public static AddressBlock of(String text) {
        int slash = text.indexOf('/');
        byte[] address = NetUtil.createByteArrayFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            throw new IllegalArgumentException("no address block: " + text);
        }
        int prefix = slash < 0 ? address.length * 8 : Integer.parseInt(text.substring(slash + 1));
        if (prefix < 0 || prefix > address.length * 8) {
            throw new IllegalArgumentException("no address block: " + text);
        }
        return new AddressBlock(address, prefix);
    }

    public boolean contains(byte[] other) {
        if (other.length != address.length) {
            return false;
        }
        int whole = prefixLength / 8;
        for (int i = 0; i < whole; i++) {
            if (other[i] != address[i]) {
                return false;
            }
        }
        int rest = prefixLength % 8;
        return rest == 0 || ((other[whole] ^ address[whole]) & 0xff) >> 8 - rest == 0;
    }
}
