package dev.landfall.ecs.placement;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.placement.Levels.Level;
import dev.landfall.ecs.placement.Preference.BinpackCpu;
import dev.landfall.ecs.placement.Preference.BinpackMemory;
import dev.landfall.ecs.placement.Preference.SpreadAttribute;
import dev.landfall.ecs.placement.Preference.SpreadInstances;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The search for the best instance for one task among those of some zones. Confined to one thread; used once.
 *
 * <p>Preferences are numbers, the less the better, the first the weightiest; random, if it is among them, is the order
 * of those that are equal in all before it, and what follows it has no say. The search walks along an index that has
 * the instances in the order of the first preference that packs, in the order drawn where random comes before that, and
 * by {@link EcsTables#rank} otherwise. It ends as soon as nothing can be better than what it has found:
 *
 * <ol>
 *   <li>all preferences are to spread as far as the walk's own, and none of the owner's tasks counts against it there,
 *       or no more than was the least before in the same {@link Round}; behind it the least that is left anywhere is
 *       packed, if anything is;
 *   <li>or the walk comes to where more is left than on what it would pack.
 * </ol>
 *
 * <p>A walk that has come by some instances in vain asks counters and indexes for a shorter way: few instances may have
 * the memory or the CPU, or the attributes that a constraint wants, so that they can simply be compared; where every
 * instance has a task of the owner, the owner's counters tell which have the fewest.
 *
 * <p>What is left can take as many looks as there are instances: many of them that have memory but not CPU beside many
 * of which the opposite is true; those with the fewest tasks of the owner being many and all full; a constraint that no
 * index serves ({@code not (…)}, {@code !exists}, subjects other than attributes) and hardly any instance satisfies; a
 * second preference that packs where the first leaves many equal; a spread over instances behind one over another
 * attribute than the zone when each instance has a task. The next tasks of the round do not look again at what refused.
 */
final class Search {
    private final Image image;
    private final Wanted wanted;
    private final List<String> zones;
    private final Round round;
    private final List<Preference> preferences;

    /** The first of the preferences that packs; all before it spread. */
    private final int packing;

    private final Optional<Cycle> drawn;
    private final Comparator<Candidate> ties;
    private final Scores scores;

    /** Nothing scores less: those before the packing one taken together, those behind it each by itself. */
    private final long[] bound;

    private Optional<Choice> best = Optional.empty();

    private record Choice(Candidate candidate, long[] scores, Look look) {}

    Search(Image image, Wanted wanted, List<String> zones, List<Preference> all, Round round) {
        this.image = image;
        this.wanted = wanted;
        this.zones = zones;
        this.round = round;
        int random = all.indexOf(new Preference.Random());
        this.preferences = random < 0 ? all : all.subList(0, random);
        this.packing = (int) preferences.stream().takeWhile(Search::spreads).count();
        this.drawn = random < 0 ? Optional.empty() : Optional.of(Cycle.drawn(image, wanted.pool()));
        this.ties = drawn.map(Cycle::order).orElse(Comparator.naturalOrder());
        this.scores = new Scores(image, wanted, preferences, round);
        round.begin(wanted);
        this.bound = Arrays.copyOf(round.bound(zones, new long[packing]), preferences.size());
        for (int i = packing + 1; i < bound.length; i++) {
            bound[i] = spreads(preferences.get(i)) ? 0 : least(preferences.get(i));
        }
    }

    private static boolean spreads(Preference preference) {
        return switch (preference) {
            case SpreadInstances any -> true;
            case SpreadAttribute any -> true;
            case BinpackCpu any -> false;
            case BinpackMemory any -> false;
            case Preference.Random any -> false;
        };
    }

    /** Of what a preference packs, the least that an instance has left which has enough. */
    private long least(Preference preference) {
        Iterator<Candidate> room = packed(preference);
        return room.hasNext() ? room.next().weight() : 0;
    }

    private Iterator<Candidate> packed(Preference preference) {
        return preference instanceof BinpackCpu && !wanted.pool().equals(EcsTables.MANAGED)
                ? Room.leastCpuFirst(image, wanted.pool(), zones, wanted.demand().cpu())
                : Room.fullestFirst(image, wanted.pool(), zones, wanted.demand().memory());
    }

    /** The task held against the instance that is best for it; nothing where none takes it. */
    Optional<Look> best() {
        Optional<List<Candidate>> few = Candidates.of(image, wanted, zones, round.limits().few());
        if (few.isEmpty() && drawn.isPresent()) {
            few = scarce(); // alone the order drawn pays no heed to what is left on instances
        }
        few.ifPresentOrElse(all -> all.forEach(this::consider), () -> {
            if (!wentOn()) {
                best = Optional.empty();
                walk();
            }
        });
        best.ifPresent(choice -> {
            round.found(zones, Arrays.copyOf(choice.scores, packing));
            round.taken(attribute -> scores.value(attribute, choice.candidate.arn()));
        });
        return best.map(Choice::look);
    }

    /**
     * Goes on where the search for the round's task before this one, in the same zones, found what cannot be beaten:
     * what it came by has a task more now, had too many, or refused, and what it did not come by stands as it did.
     * That is so where tasks are spread over instances before all else. Whether this has found as good an instance
     * again.
     */
    private boolean wentOn() {
        if (packing == 0 || packing < preferences.size() || drawn.isPresent()
                || !preferences.getFirst().equals(new SpreadInstances())) {
            return false;
        }
        Iterator<Candidate> rest = round.rest(zones);
        while (rest.hasNext()) {
            consider(rest.next());
            if (settled()) {
                return true;
            }
        }
        return false;
    }

    private void walk() {
        Iterator<Candidate> room = packing < preferences.size() ? packed(preferences.get(packing))
                : drawn.map(cycle -> cycle.walk(zones)).orElseGet(() ->
                        Room.roomiestFirst(image, wanted.pool(), zones, wanted.demand().memory()));
        round.walking(zones, room);
        for (int passed = 1; room.hasNext(); passed++) {
            Candidate candidate = room.next();
            if (heavierThanBest(candidate)) {
                return;
            }
            consider(candidate);
            if (settled() || passed == round.limits().patience() && shortened()) {
                return;
            }
        }
    }

    private void consider(Candidate candidate) {
        round.passed();
        if (round.refused(candidate.arn())) {
            return;
        }
        long[] score = scores.of(candidate.arn());
        if (best.isPresent() && !better(candidate, score, best.get())) {
            return;
        }
        Look look = Look.at(image, wanted, image.get(EcsTables.INSTANCES, candidate.arn()).orElseThrow());
        boolean fits = look.fits();
        round.looked(candidate.arn(), fits);
        if (fits) {
            best = Optional.of(new Choice(candidate, score, look));
        }
    }

    private boolean better(Candidate candidate, long[] score, Choice than) {
        int order = Arrays.compare(score, than.scores);
        return order < 0 || order == 0 && ties.compare(candidate, than.candidate) < 0;
    }

    /** Whether the best is as good as any can be, and the first of those in the order of the walk. */
    private boolean settled() {
        if (best.isEmpty() || packing < preferences.size() && drawn.isPresent()) {
            return false;
        }
        long[] score = best.get().scores;
        for (int i = packing + 1; i < score.length; i++) {
            if (score[i] > bound[i]) {
                return false;
            }
        }
        return spreadAsLittleAsCanBe(score);
    }

    private boolean spreadAsLittleAsCanBe(long[] score) {
        return Arrays.compare(score, 0, packing, bound, 0, packing) <= 0;
    }

    private boolean heavierThanBest(Candidate candidate) {
        return packing < preferences.size() && best.isPresent() && spreadAsLittleAsCanBe(best.get().scores)
                && candidate.weight() > best.get().scores[packing];
    }

    /** Whether the search is over, as another way led to its end; the bound may have risen if not. */
    private boolean shortened() {
        int eighth = image.count(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_CLUSTER,
                EcsTables.clusterOf(wanted.pool())) / 8;
        Optional<List<Candidate>> few = scarce().or(() -> Candidates.of(image, wanted, zones, eighth));
        if (few.isPresent()) {
            few.get().forEach(this::consider);
            return true;
        }
        return packing > 0 && levelled(switch (preferences.getFirst()) {
            case SpreadInstances any -> Levels.ofInstances(image, wanted, zones, round.limits().few());
            case SpreadAttribute(var name) -> Levels.ofValues(
                    image, wanted, zones, name, scores, round.limits().few());
            case BinpackCpu any -> Collections.emptySortedMap();
            case BinpackMemory any -> Collections.emptySortedMap();
            case Preference.Random any -> Collections.emptySortedMap();
        });
    }

    private boolean levelled(SortedMap<Integer, Level> levels) {
        for (var level : levels.entrySet()) {
            Optional<List<String>> few = level.getValue().few();
            if (few.isEmpty()) {
                if (level.getKey() > bound[0]) {
                    Arrays.fill(bound, 0, packing, 0);
                    bound[0] = level.getKey();
                }
                return settled();
            }
            few.get().stream().flatMap(arn -> image.get(EcsTables.LOADS, arn).stream())
                    .map(Candidate::of).forEach(this::consider);
            if (best.isPresent() && best.get().scores[0] <= level.getKey()) {
                return true;
            }
        }
        return false;
    }

    /** All instances that have enough memory or enough CPU, if those are few. */
    private Optional<List<Candidate>> scarce() {
        Optional<List<Candidate>> few = few(
                Room.roomiestFirst(image, wanted.pool(), zones, wanted.demand().memory()));
        return few.isPresent() || wanted.pool().equals(EcsTables.MANAGED) ? few
                : few(Room.leastCpuFirst(image, wanted.pool(), zones, wanted.demand().cpu()));
    }

    private Optional<List<Candidate>> few(Iterator<Candidate> room) {
        var few = new ArrayList<Candidate>();
        while (room.hasNext() && few.size() <= round.limits().few()) {
            few.add(room.next());
        }
        return few.size() > round.limits().few() ? Optional.empty() : Optional.of(few);
    }
}
