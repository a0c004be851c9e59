package dev.landfall.iam.certificate;

import dev.landfall.iam.IamErrors;
import dev.landfall.iam.IamTables;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.Locale;
import java.util.TreeSet;
import software.amazon.awssdk.services.iam.model.UntagServerCertificateRequest;
import software.amazon.awssdk.services.iam.model.UntagServerCertificateResponse;

/** Takes tags from a server certificate; a key that is not there is no mistake. */
public final class UntagServerCertificate {
    private UntagServerCertificate() {}

    public static Decision<UntagServerCertificateResponse> decide(
            Image image, UntagServerCertificateRequest request, String accountId) {
        CertificateRow row = Certificates.require(image, request.serverCertificateName(), accountId);
        var gone = new TreeSet<String>();
        for (String key : request.tagKeys()) {
            if (!gone.add(key.toLowerCase(Locale.ROOT))) {
                throw IamErrors.invalidInput(
                        "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
            }
        }
        return Decision.of(UntagServerCertificateResponse.builder().build(), Write.put(IamTables.CERTIFICATES,
                row.with(row.tags().stream().filter(tag -> !gone.contains(tag.key().toLowerCase(Locale.ROOT)))
                        .toList())));
    }
}
