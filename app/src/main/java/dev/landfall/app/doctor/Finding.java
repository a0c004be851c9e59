package dev.landfall.app.doctor;

import java.util.Locale;

/** What one look at the machine found; {@code hint} says what to do unless all is well. */
record Finding(Verdict verdict, String subject, String detail, String hint) {
    enum Verdict { OK, WARN, BAD }

    static Finding ok(String subject, String detail) {
        return new Finding(Verdict.OK, subject, detail, "");
    }

    static Finding warn(String subject, String detail, String hint) {
        return new Finding(Verdict.WARN, subject, detail, hint);
    }

    static Finding bad(String subject, String detail, String hint) {
        return new Finding(Verdict.BAD, subject, detail, hint);
    }

    String line() {
        String head = String.format("%-5s %-12s %s", verdict.name().toLowerCase(Locale.ROOT), subject, detail);
        return hint.isEmpty() ? head : head + "\n" + " ".repeat(19) + "-> " + hint;
    }
}
