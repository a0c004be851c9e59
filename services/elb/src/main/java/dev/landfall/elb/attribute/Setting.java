package dev.landfall.elb.attribute;

import dev.landfall.elb.ElbErrors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One attribute that a kind of resource has.
 *
 * @param initial its value until it is set
 * @param wrong what is wrong with a value, in words; empty if nothing is
 */
record Setting(String key, String initial, Check wrong) {
    @FunctionalInterface
    interface Check {
        Optional<String> of(String key, String value);
    }

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    static Setting bool(String key, String initial) {
        return new Setting(key, initial, (name, value) -> List.of("true", "false").contains(value) ? Optional.empty()
                : Optional.of("The value of '" + name + "' must be 'true' or 'false', but was '" + shortened(value)
                        + "'"));
    }

    static Setting choice(String key, String initial, String... values) {
        List<String> allowed = Arrays.asList(values);
        return new Setting(key, initial, (name, value) -> allowed.contains(value) ? Optional.empty()
                : Optional.of("'" + name + "' value '" + shortened(value) + "' must be one of " + allowed));
    }

    /** Both bounds are part of the range. */
    static Setting range(String key, String initial, int least, int most) {
        return new Setting(key, initial, (name, value) -> within(value, least, most) ? Optional.empty()
                : Optional.of(outside(name, value, least, most)));
    }

    /** A number of the range, or one other word. */
    static Setting rangeOr(String word, String key, String initial, int least, int most) {
        return new Setting(key, initial, (name, value) -> value.equals(word) || within(value, least, most)
                ? Optional.empty() : Optional.of(outside(name, value, least, most)));
    }

    /** Any text of up to so many characters that a header or a name can carry. */
    static Setting text(String key, int lengthMax) {
        Pattern printable = Pattern.compile("[\\x20-\\x7e]{0," + lengthMax + "}");
        return new Setting(key, "", (name, value) -> printable.matcher(value).matches() ? Optional.empty()
                : Optional.of("'" + name + "' value '" + shortened(value) + "' is not valid"));
    }

    /** The name of a header. */
    static Setting headerName(String key, String initial) {
        Pattern form = Pattern.compile("[A-Za-z0-9_-]{0,40}");
        return new Setting(key, initial, (name, value) -> form.matcher(value).matches() ? Optional.empty()
                : Optional.of("'" + name + "' value '" + shortened(value) + "' is not valid"));
    }

    /** @throws software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception if wrong */
    void require(String value) {
        wrong.of(key, value).ifPresent(what -> {
            throw ElbErrors.validation(what);
        });
    }

    private static boolean within(String value, int least, int most) {
        return NUMBER.matcher(value).matches() && Integer.parseInt(value) >= least && Integer.parseInt(value) <= most;
    }

    private static String outside(String key, String value, int least, int most) {
        return "'" + key + "' value '" + shortened(value) + "' must be between '" + least + "-" + most
                + "' inclusive";
    }

    private static String shortened(String value) {
        return value.length() > 100 ? value.substring(0, 100) + "…" : value;
    }
}
