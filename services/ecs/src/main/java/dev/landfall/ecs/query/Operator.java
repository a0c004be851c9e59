package dev.landfall.ecs.query;

import java.util.List;

/** The comparisons of the cluster query language, each with the spellings AWS documents; we print the first. */
public enum Operator {
    EQUALS("==", "equals"),
    NOT_EQUALS("!=", "not_equals"),
    GREATER_THAN_EQUAL(">=", "greater_than_equal"),
    GREATER_THAN(">", "greater_than"),
    LESS_THAN_EQUAL("<=", "less_than_equal"),
    LESS_THAN("<", "less_than"),
    NOT_EXISTS("!exists", "not_exists"),
    EXISTS("exists"),
    NOT_IN("!in", "not_in"),
    IN("in"),
    MATCHES("=~", "matches"),
    NOT_MATCHES("!~", "not_matches");

    private final List<String> spellings;

    Operator(String... spellings) {
        this.spellings = List.of(spellings);
    }

    List<String> spellings() {
        return spellings;
    }

    /** Whether it holds for what its counterpart without the negation does not hold for. */
    boolean negative() {
        return this == NOT_EQUALS || this == NOT_IN || this == NOT_MATCHES;
    }

    boolean orders() {
        return this == GREATER_THAN || this == GREATER_THAN_EQUAL || this == LESS_THAN || this == LESS_THAN_EQUAL;
    }

    /** Whether an ordering operator, or EQUALS or NOT_EQUALS, holds for the sign of a comparison. */
    boolean holds(int sign) {
        return switch (this) {
            case EQUALS -> sign == 0;
            case NOT_EQUALS -> sign != 0;
            case GREATER_THAN -> sign > 0;
            case GREATER_THAN_EQUAL -> sign >= 0;
            case LESS_THAN -> sign < 0;
            case LESS_THAN_EQUAL -> sign <= 0;
            case EXISTS, NOT_EXISTS, IN, NOT_IN, MATCHES, NOT_MATCHES ->
                    throw new IllegalArgumentException(this + " does not order");
        };
    }

    @Override
    public String toString() {
        return spellings.getFirst();
    }
}
