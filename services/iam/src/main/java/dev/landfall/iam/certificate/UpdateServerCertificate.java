package dev.landfall.iam.certificate;

import dev.landfall.iam.IamErrors;
import dev.landfall.iam.IamTables;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.UpdateServerCertificateRequest;
import software.amazon.awssdk.services.iam.model.UpdateServerCertificateResponse;

/** Gives a server certificate another name or path, and with it another ARN. */
public final class UpdateServerCertificate {
    private UpdateServerCertificate() {}

    public static Decision<UpdateServerCertificateResponse> decide(
            Image image, UpdateServerCertificateRequest request, String accountId) {
        CertificateRow row = Certificates.require(image, request.serverCertificateName(), accountId);
        String name = Optional.ofNullable(request.newServerCertificateName()).orElse(row.name());
        String path = Optional.ofNullable(request.newPath()).orElse(row.metadata().path());
        String before = IamTables.key(accountId, row.name());
        boolean moved = !IamTables.key(accountId, name).equals(before);
        if (moved && Certificates.find(image, name, accountId).isPresent()) {
            throw IamErrors.certificateExists(name);
        }
        var writes = new ArrayList<Write<?>>();
        if (moved) {
            writes.add(Write.delete(IamTables.CERTIFICATES, before));
        }
        writes.add(Write.put(IamTables.CERTIFICATES, row.with(row.metadata().toBuilder().serverCertificateName(name)
                .path(path).arn(Certificates.arn(accountId, path, name)).build())));
        return new Decision<>(UpdateServerCertificateResponse.builder().build(), writes, List.of());
    }
}
