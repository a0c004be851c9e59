package dev.landfall.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The last steps of a run, to be read when it fails. Texts are made only when somebody reads them. */
public final class Trace {
    private static final int KEPT = 50;
    private static final double MICROS_PER_SECOND = 1e6;

    private record Line(long micros, String what, Object whom) {
        @Override
        public String toString() {
            return "%12.6f  %s %s".formatted(micros / MICROS_PER_SECOND, what, whom);
        }
    }

    private final Line[] lines = new Line[KEPT];
    private final Consumer<String> printer;
    private final boolean printing;
    private int count;

    private Trace(Consumer<String> printer, boolean printing) {
        this.printer = printer;
        this.printing = printing;
    }

    public static Trace quiet() {
        return new Trace(line -> { }, false);
    }

    /** Hands every step to {@code printer} as well. */
    public static Trace to(Consumer<String> printer) {
        return new Trace(printer, true);
    }

    /** @param whom must not change what it says of itself later */
    public void add(long micros, String what, Object whom) {
        var line = new Line(micros, what, whom);
        lines[count++ % KEPT] = line;
        if (printing) {
            printer.accept(line.toString());
        }
    }

    /** The last steps, oldest first. */
    public List<String> last() {
        var last = new ArrayList<String>(KEPT);
        for (int i = Math.max(0, count - KEPT); i < count; i++) {
            last.add(lines[i % KEPT].toString());
        }
        return last;
    }
}
