package dev.landfall.iam.certificate;

import dev.landfall.state.Image;
import software.amazon.awssdk.services.iam.model.ListServerCertificateTagsRequest;
import software.amazon.awssdk.services.iam.model.ListServerCertificateTagsResponse;
import software.amazon.awssdk.services.iam.model.Tag;

/** Lists the tags of a server certificate, by their keys. */
public final class ListServerCertificateTags {
    private ListServerCertificateTags() {}

    public static ListServerCertificateTagsResponse read(
            Image image, ListServerCertificateTagsRequest request, String accountId) {
        CertificateRow row = Certificates.require(image, request.serverCertificateName(), accountId);
        Page<Tag> page = Page.of("ListServerCertificateTags " + row.arn(), row.tags(), Tag::key, request.marker(),
                request.maxItems());
        return ListServerCertificateTagsResponse.builder().tags(page.items())
                .isTruncated(page.nextMarker().isPresent()).marker(page.nextMarker().orElse(null)).build();
    }
}
