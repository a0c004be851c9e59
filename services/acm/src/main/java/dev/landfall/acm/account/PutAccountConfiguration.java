package dev.landfall.acm.account;

import dev.landfall.acm.AcmErrors;
import dev.landfall.acm.AcmTables;
import dev.landfall.acm.Scope;
import dev.landfall.acm.certificate.RequestCertificate;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.acm.model.PutAccountConfigurationRequest;
import software.amazon.awssdk.services.acm.model.PutAccountConfigurationResponse;

/** Sets how long before the end of certificates ACM begins to send events of it. */
public final class PutAccountConfiguration {
    private PutAccountConfiguration() {}

    public static Decision<PutAccountConfigurationResponse> decide(
            Image image, PutAccountConfigurationRequest request, Scope scope, Context context) {
        var answer = PutAccountConfigurationResponse.builder().build();
        if (request.expiryEvents() == null || request.expiryEvents().daysBeforeExpiry() == null) {
            return Decision.of(answer); // nothing is to be set
        }
        int days = request.expiryEvents().daysBeforeExpiry();
        boolean other = image.get(AcmTables.ACCOUNTS, scope.key())
                .filter(row -> row.token().equals(request.idempotencyToken())
                        && context.now().isBefore(row.setAt().plus(RequestCertificate.TOKEN_LIFE)))
                .filter(row -> row.daysBeforeExpiry() != days).isPresent();
        if (other) {
            throw AcmErrors.conflict("You are trying to update a resource or configuration that is already being "
                    + "created or updated. Wait for the previous operation to finish and try again.");
        }
        return Decision.of(answer, Write.put(AcmTables.ACCOUNTS,
                new AccountRow(scope.key(), days, request.idempotencyToken(), context.now())));
    }
}
