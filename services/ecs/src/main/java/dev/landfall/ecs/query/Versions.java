package dev.landfall.ecs.query;

import java.util.regex.Pattern;

/** Versions of agents: numbers between dots, {@code 1.14.5}; whatever follows them is left aside. */
final class Versions {
    private static final Pattern VERSION = Pattern.compile("\\d{1,9}(\\.\\d{1,9}){0,9}");
    private static final Pattern REST = Pattern.compile("[^0-9.].*", Pattern.DOTALL);

    private Versions() {}

    static boolean valid(String text) {
        return VERSION.matcher(text).matches();
    }

    /** By the numbers, the first first; a missing one is 0. A version that has none counts as 0. */
    static int compare(String version, String other) {
        int[] a = numbers(version);
        int[] b = numbers(other);
        for (int i = 0; i < Math.max(a.length, b.length); i++) {
            int order = Integer.compare(i < a.length ? a[i] : 0, i < b.length ? b[i] : 0);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int[] numbers(String version) {
        String plain = REST.matcher(version).replaceFirst("");
        return valid(plain) ? Pattern.compile("\\.").splitAsStream(plain).mapToInt(Integer::parseInt).toArray()
                : new int[0];
    }
}
