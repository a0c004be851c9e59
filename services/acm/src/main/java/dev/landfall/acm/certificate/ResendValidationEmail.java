package dev.landfall.acm.certificate;

import dev.landfall.acm.AcmErrors;
import dev.landfall.acm.Scope;
import dev.landfall.state.Image;
import java.util.Locale;
import software.amazon.awssdk.services.acm.model.CertificateStatus;
import software.amazon.awssdk.services.acm.model.ResendValidationEmailRequest;
import software.amazon.awssdk.services.acm.model.ResendValidationEmailResponse;
import software.amazon.awssdk.services.acm.model.ValidationMethod;

/** Sends no mail, as none is needed: names are taken to be the caller's. Refuses what ACM does. */
public final class ResendValidationEmail {
    private ResendValidationEmail() {}

    public static ResendValidationEmailResponse read(
            Image image, ResendValidationEmailRequest request, Scope scope) {
        CertificateRow row = Certificates.require(image, request.certificateArn(), scope);
        if (row.detail().status() != CertificateStatus.PENDING_VALIDATION) {
            throw AcmErrors.invalidState("The certificate " + row.arn() + " is not pending validation.");
        }
        boolean mailed = row.detail().domainValidationOptions().stream()
                .anyMatch(each -> each.domainName().equals(request.domain().toLowerCase(Locale.ROOT))
                        && each.validationMethod() == ValidationMethod.EMAIL);
        if (!mailed) {
            throw AcmErrors.invalidValidation("The domain " + request.domain()
                    + " of the certificate is not validated by email.");
        }
        Validations.requireAbove(request.validationDomain(), request.domain());
        return ResendValidationEmailResponse.builder().build();
    }
}
