package dev.landfall.elb;

import java.util.regex.Pattern;

/** The rules for names of load balancers and target groups. */
public final class Names {
    private static final int LENGTH_MAX = 32;
    private static final Pattern CHARACTERS = Pattern.compile("[a-zA-Z0-9-]+");

    private Names() {}

    /**
     * The name, if it may be one.
     *
     * @param what such as {@code The load balancer name}
     */
    public static String require(String what, String name) {
        if (name.isEmpty()) {
            throw ElbErrors.validation(what + " cannot be empty");
        }
        if (name.length() > LENGTH_MAX) {
            throw ElbErrors.validation(what + " '" + name.substring(0, Math.min(name.length(), 1_000))
                    + "' cannot be longer than '32' characters");
        }
        if (!CHARACTERS.matcher(name).matches()) {
            throw ElbErrors.validation(what + " '" + name
                    + "' can only contain characters that are alphanumeric characters or hyphens(-)");
        }
        if (name.startsWith("-") || name.endsWith("-")) {
            throw ElbErrors.validation(what + " '" + name + "' cannot begin or end with '-'");
        }
        return name;
    }
}
