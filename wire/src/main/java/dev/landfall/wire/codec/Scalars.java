package dev.landfall.wire.codec;

import dev.landfall.wire.model.Member;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;

/** Single values as text: in parameters, headers, paths and XML elements. */
final class Scalars {
    /** A number needs no more characters than this; long ones cost quadratic time. */
    private static final int MAX_NUMBER = 400;

    private Scalars() {}

    /** @throws Malformed if the text is no value of the member's type */
    static Object parse(String text, Member member, Format times) {
        try {
            return switch (member.kind()) {
                case STRING -> text;
                case INTEGER -> Integer.valueOf(number(text));
                case LONG -> Long.valueOf(number(text));
                case SHORT -> Short.valueOf(number(text));
                case BYTE -> Byte.valueOf(number(text));
                case FLOAT -> Float.valueOf(number(text));
                case DOUBLE -> Double.valueOf(number(text));
                case BIG_DECIMAL -> new BigDecimal(number(text));
                case BOOLEAN -> parseBoolean(text.strip());
                case INSTANT -> Times.parse(text.strip(), member.timestampFormat(times));
                case SDK_BYTES -> SdkBytes.fromByteArrayUnsafe(Base64.getMimeDecoder().decode(text));
                default -> throw new Malformed("A value of " + member.memberName() + " is not of the expected type");
            };
        } catch (IllegalArgumentException e) {
            throw new Malformed("The value of " + member.memberName() + " is not of type "
                    + member.kind().name().toLowerCase(Locale.ROOT).replace("sdk_", ""));
        }
    }

    private static String number(String text) {
        String number = text.strip();
        // Java's own suffixes are no part of any wire.
        if (number.isEmpty()
                || number.length() > MAX_NUMBER
                || "dDfF".indexOf(number.charAt(number.length() - 1)) >= 0) {
            throw new NumberFormatException();
        }
        return number;
    }

    private static Boolean parseBoolean(String text) {
        return switch (text) {
            case "true", "True", "TRUE" -> true;
            case "false", "False", "FALSE" -> false;
            default -> throw new IllegalArgumentException();
        };
    }

    static String format(Object value, Member member, Format times) {
        return switch (member.kind()) {
            case INSTANT -> Times.format((Instant) value, member.timestampFormat(times));
            case SDK_BYTES -> Base64.getEncoder().encodeToString(((SdkBytes) value).asByteArrayUnsafe());
            case BIG_DECIMAL -> ((BigDecimal) value).toPlainString();
            default -> value.toString();
        };
    }
}
