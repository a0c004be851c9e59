package dev.landfall.ecs.account;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.ecs.model.PutAccountSettingDefaultRequest;
import software.amazon.awssdk.services.ecs.model.PutAccountSettingDefaultResponse;

/** Sets a value for everyone in the account who has set none of their own. */
public final class PutAccountSettingDefault {
    private PutAccountSettingDefault() {}

    public static Decision<PutAccountSettingDefaultResponse> decide(
            Image image, PutAccountSettingDefaultRequest request, Scope scope, Context context) {
        String name = AccountSettings.requireSettable(request.nameAsString(), request.value());
        var row = new AccountSettingRow(scope.accountId(), scope.region(), name, "", request.value());
        return Decision.of(
                PutAccountSettingDefaultResponse.builder()
                        .setting(AccountSettings.setting(name, request.value(), AccountSettings.root(scope))).build(),
                Write.put(EcsTables.ACCOUNT_SETTINGS, row));
    }
}
