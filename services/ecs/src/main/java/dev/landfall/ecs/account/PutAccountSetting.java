package dev.landfall.ecs.account;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.ecs.model.PutAccountSettingRequest;
import software.amazon.awssdk.services.ecs.model.PutAccountSettingResponse;

/** Sets a value for one principal; without one, for the account's root and with it for the whole account. */
public final class PutAccountSetting {
    private PutAccountSetting() {}

    public static Decision<PutAccountSettingResponse> decide(
            Image image, PutAccountSettingRequest request, Scope scope, Context context) {
        String name = AccountSettings.requireSettable(request.nameAsString(), request.value());
        String owner = AccountSettings.settableOwner(scope, name, request.principalArn());
        var row = new AccountSettingRow(scope.accountId(), scope.region(), name, owner, request.value());
        String principalArn = owner.isEmpty() ? AccountSettings.root(scope) : owner;
        return Decision.of(
                PutAccountSettingResponse.builder()
                        .setting(AccountSettings.setting(name, request.value(), principalArn)).build(),
                Write.put(EcsTables.ACCOUNT_SETTINGS, row));
    }
}
