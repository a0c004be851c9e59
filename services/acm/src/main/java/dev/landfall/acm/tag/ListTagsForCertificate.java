package dev.landfall.acm.tag;

import dev.landfall.acm.Scope;
import dev.landfall.acm.certificate.Certificates;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.acm.model.ListTagsForCertificateRequest;
import software.amazon.awssdk.services.acm.model.ListTagsForCertificateResponse;

/** Lists the tags of a certificate. */
public final class ListTagsForCertificate {
    private ListTagsForCertificate() {}

    public static ListTagsForCertificateResponse read(
            Image image, ListTagsForCertificateRequest request, Scope scope) {
        return ListTagsForCertificateResponse.builder()
                .tags(Certificates.require(image, request.certificateArn(), scope).tags()).build();
    }
}
