package dev.landfall.agent.task;

/** A container port reachable at a host port; ranges are texts such as {@code 8000-8010} and then the ports are 0. */
public record PortBinding(
        String bindIp, int containerPort, int hostPort, String protocol, String containerRange, String hostRange) {

    public static PortBinding single(String bindIp, int containerPort, int hostPort, String protocol) {
        return new PortBinding(bindIp, containerPort, hostPort, protocol, "", "");
    }

    public static PortBinding range(String bindIp, String containerRange, String hostRange, String protocol) {
        return new PortBinding(bindIp, 0, 0, protocol, containerRange, hostRange);
    }

    public boolean isRange() {
        return !containerRange.isEmpty();
    }
}
