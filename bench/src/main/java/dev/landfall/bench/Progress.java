package dev.landfall.bench;

/** What a benchmark tells while it runs, on standard error: the results alone go to standard output. */
public final class Progress {
    private Progress() {}

    public static void say(String text) {
        System.err.println("bench: " + text);
    }
}
