package dev.landfall.agent.network;

import dev.landfall.agent.engine.NetworkFacts;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Address blocks that collide with nothing on this host. Candidates come first from a part of 10/8 that networks seldom
 * use; a private network that takes all of 10/8 leaves the other private ranges and the carriers' shared one (RFC 1918,
 * RFC 6598).
 */
final class FreeBlocks {
    private static final int PREFIX = 20;
    private static final List<AddressBlock> POOLS = Stream.of(
                    "10.192.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
            .map(pool -> AddressBlock.parse(pool).orElseThrow())
            .toList();

    private FreeBlocks() {}

    /** Blocks used by interfaces, routes and engine networks. */
    static List<AddressBlock> taken(List<NetworkFacts> networks, Path routes) throws SocketException {
        var taken = new ArrayList<AddressBlock>();
        for (NetworkFacts network : networks) {
            network.subnets().forEach(subnet -> AddressBlock.parse(subnet).ifPresent(taken::add));
        }
        for (NetworkInterface card : NetworkInterface.networkInterfaces().toList()) {
            for (InterfaceAddress address : card.getInterfaceAddresses()) {
                if (address.getAddress() instanceof Inet4Address ipv4) {
                    AddressBlock.parse(ipv4.getHostAddress() + "/" + address.getNetworkPrefixLength())
                            .ifPresent(taken::add);
                }
            }
        }
        taken.addAll(routed(routes));
        return taken;
    }

    /** {@code /proc/net/route}: columns of hexadecimal little-endian words. The default route collides with nothing. */
    static List<AddressBlock> routed(Path routes) {
        try (Stream<String> lines = Files.lines(routes)) {
            return lines.skip(1)
                    .map(line -> line.strip().split("\\s+"))
                    .filter(columns -> columns.length > 7 && !columns[7].equals("00000000"))
                    .map(columns -> new AddressBlock(
                            Integer.reverseBytes(Integer.parseUnsignedInt(columns[1], 16)),
                            Integer.bitCount(Integer.parseUnsignedInt(columns[7], 16))))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The candidates that are free; within a pool they begin at a place that differs from seed to seed. */
    static List<AddressBlock> candidates(List<AddressBlock> taken, int seed) {
        var free = new ArrayList<AddressBlock>();
        for (AddressBlock pool : POOLS) {
            int blocks = 1 << PREFIX - pool.prefix();
            for (int i = 0; i < blocks; i++) {
                int n = Math.floorMod(seed + i, blocks);
                var block = new AddressBlock(pool.first() | n << Integer.SIZE - PREFIX, PREFIX);
                if (taken.stream().noneMatch(block::overlaps)) {
                    free.add(block);
                }
            }
        }
        return free;
    }
}
