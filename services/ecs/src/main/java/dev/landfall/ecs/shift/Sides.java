package dev.landfall.ecs.shift;

/**
 * The deployments between which traffic is shifted, by their ids.
 *
 * @param blue that which has the traffic when the shift begins; empty if none has
 * @param balancers how many load balancers green has
 */
public record Sides(String green, String blue, int balancers) {
    public boolean hasBlue() {
        return !blue.isEmpty();
    }
}
