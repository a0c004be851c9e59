package dev.landfall.iam.certificate;

import dev.landfall.iam.IamErrors;
import dev.landfall.iam.IamTables;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.List;
import software.amazon.awssdk.services.iam.model.DeleteServerCertificateRequest;
import software.amazon.awssdk.services.iam.model.DeleteServerCertificateResponse;

/** Deletes a server certificate that nobody uses, with its key. */
public final class DeleteServerCertificate {
    private DeleteServerCertificate() {}

    /** @param users of the certificate, as they were a moment ago */
    public static Decision<DeleteServerCertificateResponse> decide(
            Image image, DeleteServerCertificateRequest request, String accountId, List<String> users) {
        CertificateRow row = Certificates.require(image, request.serverCertificateName(), accountId);
        if (!users.isEmpty()) {
            throw IamErrors.inUse(row.metadata().serverCertificateId(), users);
        }
        return Decision.of(DeleteServerCertificateResponse.builder().build(),
                Write.delete(IamTables.CERTIFICATES, IamTables.key(accountId, row.name())));
    }
}
