package dev.landfall.edge.route;

/** Configured text that becomes part of a header: whatever it says, it stays one line. */
final class OneLine {
    private OneLine() {}

    /** Without control characters. */
    static String of(String text) {
        return text.replaceAll("[\\x00-\\x1f\\x7f]", "");
    }
}
