package dev.landfall.edge.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The IPv4 addresses of this machine and the networks they are in.
 *
 * @param own without those of loopback; first what others would reach it at
 * @param networks narrower ones first
 */
public record Neighbourhood(List<InetAddress> own, List<Network> networks) {
    public static final Neighbourhood UNKNOWN = new Neighbourhood(List.of(), List.of());
    private static final JsonMapper JSON = new JsonMapper();
    private static final int BITS = 32;

    public Neighbourhood {
        own = List.copyOf(own);
        networks = networks.stream().sorted(Comparator.comparingInt(Network::length).reversed()).toList();
    }

    /** What kind of network it is, as far as it matters who is the gateway of those in it. */
    public enum Kind {
        /** A bridge of this machine alone, as container engines make them: this machine is the gateway. */
        BRIDGE,
        /** The other end is a network namespace of this machine. */
        VETH,
        /** Machines with gateways of their own. */
        OTHER
    }

    /** @param length how many bits of {@code first} all addresses in it have in common */
    public record Network(InetAddress first, int length, Kind kind) {
        boolean contains(InetAddress address) {
            int mask = length == 0 ? 0 : -1 << BITS - length;
            return ((number(first) ^ number(address)) & mask) == 0;
        }
    }

    private static int number(InetAddress address) {
        byte[] bytes = address.getAddress();
        return (bytes[0] & 0xff) << 24 | (bytes[1] & 0xff) << 16 | (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
    }

    /** Whether what {@code target} sends to anybody comes through this machine. */
    boolean leadsBack(InetAddress target) {
        return network(target).filter(network -> network.kind() != Kind.OTHER).isPresent();
    }

    /** Whether two may talk to each other without this machine. */
    boolean onOneNetwork(InetAddress one, InetAddress other) {
        Optional<Network> network = network(one);
        return network.isPresent() && network.equals(network(other));
    }

    boolean onBridge(InetAddress address) {
        return network(address).filter(network -> network.kind() == Kind.BRIDGE).isPresent();
    }

    /** Whether it is known what there is about an address that somebody registered. */
    boolean knows(InetAddress target) {
        return target.isLoopbackAddress() || own.contains(target) || network(target).isPresent();
    }

    private Optional<Network> network(InetAddress address) {
        return networks.stream().filter(network -> network.contains(address)).findFirst();
    }

    /**
     * Reads what {@code ip -details -json address show} prints.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static Neighbourhood read(String json) {
        try {
            JsonNode links = JSON.readTree(json);
            if (!links.isArray()) {
                throw new IllegalArgumentException("no list of interfaces");
            }
            return of(links);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON", e);
        }
    }

    private static Neighbourhood of(JsonNode links) {
        var bridgesToOthers = new TreeSet<String>();
        links.forEach(link -> {
            if (link.has("master") && !link.path("linkinfo").path("info_kind").asText().equals("veth")) {
                bridgesToOthers.add(link.path("master").asText());
            }
        });
        var networks = new ArrayList<Network>();
        for (JsonNode link : links) {
            Kind kind = kind(link, bridgesToOthers);
            for (JsonNode each : link.path("addr_info")) {
                if (each.path("family").asText().equals("inet")) {
                    InetAddress address = InetAddress.ofLiteral(each.path("local").asText());
                    if (!address.isLoopbackAddress()) {
                        networks.add(new Network(address, each.path("prefixlen").asInt(BITS), kind));
                    }
                }
            }
        }
        return new Neighbourhood(networks.stream().sorted(Comparator.comparingInt(Neighbourhood::distance))
                .map(Network::first).toList(), networks);
    }

    /** How far from others: of a link-local address nobody knows which interface leads there. */
    private static int distance(Network network) {
        if (network.first().isLinkLocalAddress()) {
            return 2;
        }
        return network.kind() == Kind.OTHER ? 0 : 1;
    }

    private static Kind kind(JsonNode link, TreeSet<String> bridgesToOthers) {
        return switch (link.path("linkinfo").path("info_kind").asText()) {
            case "bridge" -> bridgesToOthers.contains(link.path("ifname").asText()) ? Kind.OTHER : Kind.BRIDGE;
            case "veth" -> Kind.VETH;
            default -> Kind.OTHER;
        };
    }
}
