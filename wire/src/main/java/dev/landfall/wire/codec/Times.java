package dev.landfall.wire.codec;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;

/** Timestamps in the forms of the AWS protocols. All are exact to the millisecond, as AWS's are. */
public final class Times {
    /**
     * Digits of seconds that fit an {@link Instant}, and of its fraction; more is no time but an attack on arithmetic.
     */
    private static final int MAX_DIGITS = 40;

    private static final DateTimeFormatter RFC_822 =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US).withZone(ZoneOffset.UTC);

    private Times() {}

    /** {@code 1763632345}, {@code 1763632345.12}, {@code -0.5}: never an exponent, no trailing zeros. */
    public static String epochSeconds(Instant time) {
        long seconds = time.getEpochSecond();
        int millis = time.getNano() / 1_000_000;
        if (millis == 0) {
            return Long.toString(seconds);
        }
        String sign = "";
        if (seconds < 0) {
            sign = "-";
            seconds = -seconds - 1;
            millis = 1000 - millis;
        }
        String fraction = millis % 100 == 0
                ? Integer.toString(millis / 100)
                : millis % 10 == 0
                        ? (millis < 100 ? "0" : "") + millis / 10
                        : (millis < 10 ? "00" : millis < 100 ? "0" : "") + millis;
        return sign + seconds + '.' + fraction;
    }

    public static double epochSecondsDouble(Instant time) {
        return time.getEpochSecond() + (time.getNano() / 1_000_000) / 1000.0;
    }

    public static String format(Instant time, Format format) {
        return switch (format) {
            case UNIX_TIMESTAMP -> epochSeconds(time);
            case UNIX_TIMESTAMP_MILLIS -> Long.toString(time.toEpochMilli());
            case RFC_822 -> RFC_822.format(time);
            case ISO_8601 -> DateTimeFormatter.ISO_INSTANT.format(time.truncatedTo(ChronoUnit.MILLIS));
        };
    }

    public static Instant ofEpochSeconds(long seconds) {
        try {
            return Instant.ofEpochSecond(seconds);
        } catch (DateTimeException e) {
            throw new Malformed("Timestamp out of range");
        }
    }

    public static Instant ofEpochSeconds(BigDecimal seconds) {
        if (seconds.precision() - (long) seconds.scale() > MAX_DIGITS || seconds.scale() > 10 * MAX_DIGITS) {
            throw new Malformed("Timestamp out of range");
        }
        BigDecimal millis = seconds.movePointRight(3).setScale(0, RoundingMode.HALF_EVEN);
        try {
            return Instant.ofEpochMilli(millis.longValueExact());
        } catch (ArithmeticException | DateTimeException e) {
            throw new Malformed("Timestamp out of range");
        }
    }

    /** Reads {@code text} in {@code format}; ISO 8601 is understood everywhere, as AWS does. */
    public static Instant parse(String text, Format format) {
        try {
            return switch (format) {
                case UNIX_TIMESTAMP -> number(text) ? ofEpochSeconds(new BigDecimal(text)) : iso(text);
                case UNIX_TIMESTAMP_MILLIS -> Instant.ofEpochMilli(Long.parseLong(text));
                case RFC_822 -> number(text) || text.length() > 3 && Character.isDigit(text.charAt(0))
                        ? iso(text)
                        : Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
                case ISO_8601 -> number(text) ? ofEpochSeconds(new BigDecimal(text)) : iso(text);
            };
        } catch (DateTimeException | NumberFormatException e) {
            throw new Malformed("Timestamp must be a date and time such as " + format(Instant.EPOCH, format));
        }
    }

    private static boolean number(String text) {
        if (text.isEmpty() || text.length() > MAX_DIGITS) {
            return false;
        }
        for (int i = text.charAt(0) == '-' ? 1 : 0; i < text.length(); i++) {
            if (text.charAt(i) != '.' && (text.charAt(i) < '0' || text.charAt(i) > '9')) {
                return false;
            }
        }
        return true;
    }

    /** With or without an offset or time of day: AWS takes a missing offset as UTC. */
    private static Instant iso(String text) {
        boolean zoned = text.endsWith("Z") || text.endsWith("z") || text.matches(".*T.*[+-]\\d\\d:?\\d\\d");
        String whole = text.indexOf('T') < 0 && text.length() <= 10 ? text + "T00:00:00Z" : zoned ? text : text + "Z";
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(whole, Instant::from);
    }
}
