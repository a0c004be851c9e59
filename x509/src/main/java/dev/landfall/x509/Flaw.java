package dev.landfall.x509;

/** What is wrong with a certificate, its chain or its key. The services word it, each in its own way. */
public enum Flaw {
    CERTIFICATE_UNREADABLE,
    SEVERAL_CERTIFICATES,
    /** Not of version 3, or without an issuer. */
    CERTIFICATE_UNFIT,
    KEY_UNREADABLE,
    KEY_ENCRYPTED,
    /** Of a kind that {@link KeyAlgorithm} does not have. */
    KEY_UNSUPPORTED,
    KEY_OF_ANOTHER_CERTIFICATE,
    CHAIN_UNREADABLE,
    /** A certificate does not directly certify the one before it. */
    CHAIN_BROKEN;

    /** Thrown to whoever can tell the caller. */
    public static final class Found extends RuntimeException {
        private final Flaw flaw;
        private final int index;

        Found(Flaw flaw) {
            this(flaw, -1);
        }

        Found(Flaw flaw, int index) {
            super(flaw + " at " + index, null, false, false); // the caller's fault needs no stack trace of ours
            this.flaw = flaw;
            this.index = index;
        }

        public Flaw flaw() {
            return flaw;
        }

        /** The last certificate of the chain that was in order; -1 if it is the end entity's own. */
        public int index() {
            return index;
        }
    }
}
