package dev.landfall.edge.client;

/** Why a target sees the load balancer where it was to see the client, and what to do about it. */
public enum Obstacle {
    NOT_SET_UP("this data plane could not prepare the machine for it"),
    IPV6("only IPv4 clients of IPv4 targets are seen"),
    LOOPBACK_CLIENT("the client is on loopback and the target is not, so that its answers to 127.0.0.0/8 would never "
            + "leave it; connect from another address of this machine to be seen"),
    LOOPBACK_TARGET("the target is on loopback and the client is not, so that the target could not answer it; register "
            + "another address of this machine, or the task's own"),
    SAME_ADDRESS("the client is the target itself, whose answers would not leave it"),
    SAME_NETWORK("client and target may be on the same bridge, where answers would go past the load balancer"),
    ELSEWHERE("the target is on no bridge and no veth of this machine, so that its answers would not come back through "
            + "it; proxy_protocol_v2.enabled tells targets the client's address all the same");

    private final String advice;

    Obstacle(String advice) {
        this.advice = advice;
    }

    /** For people. */
    public String advice() {
        return advice;
    }
}
