package dev.landfall.elb;

import java.util.Optional;

/** Where the certificates of listeners come from. Called by any thread; may block. */
@FunctionalInterface
public interface Certificates {
    /** Knows none. */
    Certificates NONE = (arn, scope) -> Optional.empty();

    /**
     * The certificate of that ARN, if the caller's account has it and servers may use it; of ACM, or a server
     * certificate of IAM.
     */
    Optional<Certificate> find(String arn, Scope scope);

    /** Whether the caller's account has it, though servers may not use it: it is not issued, or was revoked. */
    default boolean isUnusable(String arn, Scope scope) {
        return false;
    }

    /**
     * Both PEM: the chain from the leaf up, the key as PKCS #8.
     */
    record Certificate(String chainPem, String privateKeyPem) {
        /** Without the key, which belongs in no log. */
        @Override
        public String toString() {
            return "Certificate[]";
        }
    }
}
