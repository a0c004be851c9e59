package dev.landfall.sim;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** All chance of a run, from one seed. Each part of the simulation throws dice of its own. */
public final class Dice {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final SplittableRandom random;

    public Dice(long seed) {
        this(new SplittableRandom(seed));
    }

    private Dice(SplittableRandom random) {
        this.random = random;
    }

    /** Other dice, so that what one part throws does not depend on how often another does. */
    public Dice split() {
        return new Dice(random.split());
    }

    public boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    /** From {@code least} to {@code most}, both included. */
    public int between(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    /** From {@code least} to {@code most}. */
    public Duration between(Duration least, Duration most) {
        return least.plusNanos(random.nextLong(most.minus(least).toNanos() + 1));
    }

    public <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Thirty-two hexadecimal digits. */
    public String id() {
        var digits = new char[32];
        long high = random.nextLong();
        long low = random.nextLong();
        for (int i = 0; i < 16; i++) {
            digits[i] = HEX[(int) (high >>> 4 * i) & 15];
            digits[16 + i] = HEX[(int) (low >>> 4 * i) & 15];
        }
        return new String(digits);
    }
}
