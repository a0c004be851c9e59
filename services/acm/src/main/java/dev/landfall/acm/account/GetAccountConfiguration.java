package dev.landfall.acm.account;

import dev.landfall.acm.AcmTables;
import dev.landfall.acm.Scope;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.acm.model.GetAccountConfigurationResponse;

/** Tells how long before the end of certificates ACM begins to send events of it. */
public final class GetAccountConfiguration {
    /** API reference, ExpiryEventsConfiguration. */
    private static final int DAYS_BEFORE_EXPIRY_DEFAULT = 45;

    private GetAccountConfiguration() {}

    public static GetAccountConfigurationResponse read(Image image, Scope scope) {
        int days = image.get(AcmTables.ACCOUNTS, scope.key()).map(AccountRow::daysBeforeExpiry)
                .orElse(DAYS_BEFORE_EXPIRY_DEFAULT);
        return GetAccountConfigurationResponse.builder().expiryEvents(it -> it.daysBeforeExpiry(days)).build();
    }
}
