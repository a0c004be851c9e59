package dev.landfall.ecs.account;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;

/**
 * A setting that differs from the service's own default.
 *
 * @param principalArn whom it holds for; empty for everyone in the account who has none of their own
 */
public record AccountSettingRow(String accountId, String region, String name, String principalArn, String value) {
    public String key() {
        return key(new Scope(accountId, region), name, principalArn);
    }

    static String key(Scope scope, String name, String principalArn) {
        return EcsTables.scopeKey(scope) + '/' + name + '|' + principalArn;
    }
}
