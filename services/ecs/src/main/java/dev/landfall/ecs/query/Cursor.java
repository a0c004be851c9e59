package dev.landfall.ecs.query;

/** A place in the text of an expression, which moves forward as the parser takes what it expects. */
final class Cursor {
    private final String text;
    private int at;

    Cursor(String text) {
        this.text = text;
    }

    /** Takes the symbol if it comes next. */
    boolean take(String symbol) {
        skipSpace();
        if (!text.startsWith(symbol, at)) {
            return false;
        }
        at += symbol.length();
        return true;
    }

    /** Takes the word if it comes next, as a whole. */
    boolean takeWord(String word) {
        skipSpace();
        int end = at + word.length();
        if (!text.startsWith(word, at) || end < text.length() && partOfWord(text.charAt(end))) {
            return false;
        }
        at = end;
        return true;
    }

    private static boolean partOfWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == ':' || c == '.' || c == '-';
    }

    /** A subject ends at white space and where an operator begins. */
    String subject() {
        return word("a subject", "()[],=!<>~&|'\"");
    }

    /** A value; one with white space or a parenthesis in it has to be quoted. */
    String argument() {
        skipSpace();
        return atQuote() ? quoted() : word("an argument", "()[],");
    }

    /** A regular expression: a word may have brackets and commas in it, but no parentheses. */
    String pattern() {
        skipSpace();
        return atQuote() ? quoted() : word("a pattern", "()");
    }

    void requireEnd() {
        skipSpace();
        if (at < text.length()) {
            throw expected("the end");
        }
    }

    SyntaxException expected(String what) {
        return new SyntaxException("expected " + what + (at < text.length()
                ? " at character " + (at + 1) : " at the end"));
    }

    private boolean atQuote() {
        return at < text.length() && (text.charAt(at) == '\'' || text.charAt(at) == '"');
    }

    private String quoted() {
        int end = text.indexOf(text.charAt(at), at + 1);
        if (end < 0) {
            throw new SyntaxException("the quote at character " + (at + 1) + " is not closed");
        }
        String value = text.substring(at + 1, end);
        at = end + 1;
        return value;
    }

    private String word(String what, String ends) {
        skipSpace();
        int start = at;
        while (at < text.length() && !Character.isWhitespace(text.charAt(at)) && ends.indexOf(text.charAt(at)) < 0
                && !text.startsWith("&&", at) && !text.startsWith("||", at)) {
            at++;
        }
        if (at == start) {
            throw expected(what);
        }
        return text.substring(start, at);
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }
}
