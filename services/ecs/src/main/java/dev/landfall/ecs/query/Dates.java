package dev.landfall.ecs.query;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * Dates as the query language takes them: {@code 2018-06-18T22:28:28+00:00}, the same with {@code Z} or without a zone,
 * and the day alone; without a zone they are in UTC.
 */
final class Dates {
    private static final int DAY_LENGTH = 10;
    private static final int SECOND_LENGTH = 19;

    private Dates() {}

    static boolean valid(String text) {
        try {
            parse(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** @throws DateTimeException for what is no date */
    static Instant parse(String text) {
        return switch (text.length()) {
            case DAY_LENGTH -> LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            case SECOND_LENGTH -> LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
            default -> OffsetDateTime.parse(text).toInstant();
        };
    }
}
