package dev.landfall.acm.certificate;

import dev.landfall.acm.AcmErrors;
import dev.landfall.acm.AcmTables;
import dev.landfall.acm.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.acm.model.CertificateOptions;
import software.amazon.awssdk.services.acm.model.UpdateCertificateOptionsRequest;
import software.amazon.awssdk.services.acm.model.UpdateCertificateOptionsResponse;

/** Says whether a requested certificate is logged for transparency. */
public final class UpdateCertificateOptions {
    private UpdateCertificateOptions() {}

    public static Decision<UpdateCertificateOptionsResponse> decide(
            Image image, UpdateCertificateOptionsRequest request, Scope scope) {
        CertificateRow row = Certificates.require(image, request.certificateArn(), scope);
        if (!row.isIssuedHere()) {
            throw AcmErrors.invalidState("The UpdateCertificateOptions command is not permitted for "
                    + (row.isImported() ? "imported" : "private") + " certificates.");
        }
        CertificateOptions told = request.options();
        CertificateOptions.Builder next = row.detail().options().toBuilder();
        if (told.export() != null && told.export() != row.detail().options().export()) {
            throw AcmErrors.invalidState(
                    "You cannot update the value of Export after the certificate is created.");
        }
        if (told.certificateTransparencyLoggingPreference() != null) {
            next.certificateTransparencyLoggingPreference(told.certificateTransparencyLoggingPreference());
        }
        return Decision.of(UpdateCertificateOptionsResponse.builder().build(), Write.put(AcmTables.CERTIFICATES,
                row.with(row.detail().toBuilder().options(next.build()).build())));
    }
}
