package dev.landfall.ecs.account;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.Page;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.ecs.model.ListAccountSettingsRequest;
import software.amazon.awssdk.services.ecs.model.ListAccountSettingsResponse;
import software.amazon.awssdk.services.ecs.model.Setting;

/** Lists what a principal has set, or with {@code effectiveSettings} everything that holds for it. */
public final class ListAccountSettings {
    /** "This value can be between 1 and 10" (ECS API Reference, ListAccountSettings.maxResults). */
    private static final int PAGE_MAX = 10;

    private ListAccountSettings() {}

    public static ListAccountSettingsResponse read(Image image, ListAccountSettingsRequest request, Scope scope) {
        if (request.value() != null && request.nameAsString() == null) {
            throw EcsErrors.invalidParameter("If you specify a value, you must also specify a name.");
        }
        String owner = AccountSettings.owner(scope, request.principalArn());
        String principalArn = owner.isEmpty() ? AccountSettings.root(scope) : owner;
        var settings = new TreeMap<String, Setting>();
        for (String name : AccountSettings.names()) {
            Optional<Setting> setting = Boolean.TRUE.equals(request.effectiveSettings())
                    ? Optional.of(AccountSettings.effective(image, scope, name, owner))
                    : AccountSettings.find(image, scope, name, owner)
                            .map(value -> AccountSettings.setting(name, value, owner));
            setting.map(found -> found.toBuilder().principalArn(principalArn).build())
                    .ifPresent(found -> settings.put(name, found));
        }
        if (request.nameAsString() != null) {
            settings.keySet().retainAll(
                    List.of(AccountSettings.requireName(request.nameAsString())));
        }
        Page page = Page.of("ListAccountSettings " + scope.accountId(), settings.navigableKeySet(),
                name -> request.value() == null || request.value().equals(settings.get(name).value()),
                request.nextToken(), request.maxResults(), PAGE_MAX);
        return ListAccountSettingsResponse.builder()
                .settings(page.keys().stream().map(settings::get).toList())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }
}
