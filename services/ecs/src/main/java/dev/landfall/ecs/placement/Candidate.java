package dev.landfall.ecs.placement;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.InstanceLoad;

/**
 * An instance that a search comes by. Sorts as {@link EcsTables#rank} does, of equals by ARN.
 *
 * @param rank less is better, in the order of texts
 * @param weight what the search goes by before the rank: what is left on the instance where it packs, else 0
 */
record Candidate(String arn, String rank, long weight) implements Comparable<Candidate> {
    static Candidate of(InstanceLoad load) {
        return new Candidate(load.instanceArn(), EcsTables.rank(load), 0);
    }

    @Override
    public int compareTo(Candidate other) {
        int byRank = rank.compareTo(other.rank);
        return byRank != 0 ? byRank : arn.compareTo(other.arn);
    }
}
