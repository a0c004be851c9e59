package dev.landfall.edge.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetSocketAddress;

/** The header of the PROXY protocol, version 2 (haproxy.org, proxy-protocol.txt, 2.2), as NLB sends it. */
public final class ProxyProtocol {
    private static final byte[] SIGNATURE = {
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A};
    private static final int PROXY = 0x21;
    private static final int INET = 0x10;
    private static final int INET6 = 0x20;

    /** What is carried. */
    public enum Carried {
        STREAM(1), DATAGRAM(2);

        private final int code;

        Carried(int code) {
            this.code = code;
        }
    }

    private ProxyProtocol() {}

    /** Who speaks, and to which address of the load balancer. */
    public static ByteBuf header(
            ByteBufAllocator allocator, Carried carried, InetSocketAddress client, InetSocketAddress local) {
        byte[] from = client.getAddress().getAddress();
        byte[] to = local.getAddress().getAddress();
        boolean four = from.length == 4 && to.length == 4;
        int size = four ? 12 : 36;
        ByteBuf header = allocator.buffer(SIGNATURE.length + 4 + size);
        header.writeBytes(SIGNATURE).writeByte(PROXY).writeByte((four ? INET : INET6) | carried.code)
                .writeShort(size);
        header.writeBytes(four ? from : mapped(from)).writeBytes(four ? to : mapped(to));
        return header.writeShort(client.getPort()).writeShort(local.getPort());
    }

    /** An IPv4 address as one of IPv6 (RFC 4291, 2.5.5.2). */
    private static byte[] mapped(byte[] address) {
        if (address.length == 16) {
            return address;
        }
        var mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        System.arraycopy(address, 0, mapped, 12, 4);
        return mapped;
    }
}
