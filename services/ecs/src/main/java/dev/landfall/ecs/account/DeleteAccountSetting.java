package dev.landfall.ecs.account;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.ecs.model.DeleteAccountSettingRequest;
import software.amazon.awssdk.services.ecs.model.DeleteAccountSettingResponse;

/** Takes a principal's own value away, so that the account's holds again. Answers what was taken. */
public final class DeleteAccountSetting {
    private DeleteAccountSetting() {}

    public static Decision<DeleteAccountSettingResponse> decide(
            Image image, DeleteAccountSettingRequest request, Scope scope, Context context) {
        String name = AccountSettings.requireName(request.nameAsString());
        String owner = AccountSettings.owner(scope, request.principalArn());
        String principalArn = owner.isEmpty() ? AccountSettings.root(scope) : owner;
        var response = DeleteAccountSettingResponse.builder()
                .setting(AccountSettings.effective(image, scope, name, owner).toBuilder()
                        .principalArn(principalArn).build())
                .build();
        String key = AccountSettingRow.key(scope, name, owner);
        return image.get(EcsTables.ACCOUNT_SETTINGS, key).isPresent()
                ? Decision.of(response, Write.delete(EcsTables.ACCOUNT_SETTINGS, key))
                : Decision.of(response);
    }
}
