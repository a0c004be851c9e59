package dev.landfall.wire;

import java.util.Optional;

/** Knows the secret keys by which calls are signed. Asked on every call; safe for any thread. */
@FunctionalInterface
public interface SecretKeys {
    /** Signatures are read but not verified: any credentials do. For servers that only this machine reaches. */
    SecretKeys UNVERIFIED = (accessKeyId, sessionToken) -> Optional.empty();

    /**
     * @param sessionToken the token of temporary credentials, which must be theirs; or the empty string
     * @return the secret key, if there are such credentials and they are in force
     */
    Optional<String> secretOf(String accessKeyId, String sessionToken);
}
