package dev.landfall.edge.http;

import java.util.Map;

/**
 * What is unusual about a request, by the names and classes of AWS's desync mitigation (access log fields
 * {@code classification} and {@code classification_reason}).
 */
public enum Desync {
    COMPLIANT(Level.COMPLIANT),
    NON_COMPLIANT_HEADER(Level.ACCEPTABLE),
    SPACE_IN_URI(Level.ACCEPTABLE),
    NON_COMPLIANT_VERSION(Level.ACCEPTABLE),
    GET_HEAD_ZERO_CONTENT_LENGTH(Level.ACCEPTABLE),
    /** Lines that end with LF alone; AWS's http_desync_guardian knows it, its documents do not. */
    NON_CR_LF_LINE_TERMINATION(Level.ACCEPTABLE),
    EMPTY_HEADER(Level.AMBIGUOUS),
    AMBIGUOUS_URI(Level.AMBIGUOUS),
    UNDEFINED_CONTENT_LENGTH_SEMANTICS(Level.AMBIGUOUS),
    UNDEFINED_TRANSFER_ENCODING_SEMANTICS(Level.AMBIGUOUS),
    DUPLICATE_CONTENT_LENGTH(Level.AMBIGUOUS),
    BOTH_TE_CL_PRESENT(Level.AMBIGUOUS),
    SUSPICIOUS_HEADER(Level.AMBIGUOUS),
    /** A folded line. AWS passes it on with a colon; nobody can know what a target makes of that, so we refuse it. */
    MULTILINE_HEADER(Level.SEVERE),
    /** A line without a colon, refused for the same reason. */
    MISSING_HEADER_COLON(Level.SEVERE),
    SUSPICIOUS_TE_CL_PRESENT(Level.SEVERE),
    BAD_HEADER(Level.SEVERE),
    BAD_URI(Level.SEVERE),
    BAD_VERSION(Level.SEVERE),
    BAD_METHOD(Level.SEVERE),
    MULTIPLE_CONTENT_LENGTH(Level.SEVERE),
    BAD_CONTENT_LENGTH(Level.SEVERE),
    MULTIPLE_TRANSFER_ENCODING_CHUNKED(Level.SEVERE),
    BAD_TRANSFER_ENCODING(Level.SEVERE);

    /** In order of danger. */
    public enum Level {
        COMPLIANT("-"), ACCEPTABLE("Acceptable"), AMBIGUOUS("Ambiguous"), SEVERE("Severe");

        private final String text;

        Level(String text) {
            this.text = text;
        }

        /** As access logs have it. */
        public String text() {
            return text;
        }
    }

    /** The attribute routing.http.desync_mitigation_mode. */
    public enum Mode {
        MONITOR, DEFENSIVE, STRICTEST;

        private static final Map<String, Mode> BY_NAME =
                Map.of("monitor", MONITOR, "defensive", DEFENSIVE, "strictest", STRICTEST);

        public static Mode of(String name) {
            return BY_NAME.getOrDefault(name, DEFENSIVE);
        }

        /** Whether such a request is answered with 400. Without known boundaries nothing else is possible. */
        boolean blocks(Level level) {
            return switch (this) {
                case MONITOR, DEFENSIVE -> level == Level.SEVERE;
                case STRICTEST -> level != Level.COMPLIANT;
            };
        }

        /** Whether neither connection is used again after such a request. */
        boolean closesAfter(Level level) {
            return this != MONITOR && level == Level.AMBIGUOUS;
        }
    }

    private final Level level;

    Desync(Level level) {
        this.level = level;
    }

    public Level level() {
        return level;
    }

    /** As access logs have it: {@code BothTeClPresent}. */
    public String text() {
        if (this == COMPLIANT) {
            return "-";
        }
        var text = new StringBuilder();
        for (String word : name().split("_")) {
            text.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
        }
        return text.toString();
    }

    /** The more dangerous of the two; of equals the first. */
    Desync worse(Desync other) {
        return other.level.compareTo(level) > 0 ? other : this;
    }
}
