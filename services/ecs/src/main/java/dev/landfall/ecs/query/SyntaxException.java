package dev.landfall.ecs.query;

/** Leaves the recursion of a parser of this package; never leaves the package. */
final class SyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SyntaxException(String reason) {
        super(reason, null, false, false); // the caller's mistake needs no stack trace of ours
    }
}
