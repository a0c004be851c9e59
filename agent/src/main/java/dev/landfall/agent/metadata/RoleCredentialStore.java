package dev.landfall.agent.metadata;

import dev.landfall.protocol.Message.RoleCredentials;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The role credentials that tasks may fetch, by their secret id. In memory only; safe for any thread. */
public final class RoleCredentialStore {
    private final Map<String, RoleCredentials> credentials = new ConcurrentHashMap<>();

    public void keep(RoleCredentials role) {
        credentials.put(role.credentialsId(), role);
    }

    public Optional<RoleCredentials> find(String credentialsId) {
        return Optional.ofNullable(credentials.get(credentialsId));
    }

    public void forget(String credentialsId) {
        credentials.remove(credentialsId);
    }
}
