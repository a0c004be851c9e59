package dev.landfall.iam.certificate;

import dev.landfall.iam.IamTables;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.ListServerCertificatesRequest;
import software.amazon.awssdk.services.iam.model.ListServerCertificatesResponse;

/** Lists the server certificates whose path begins in some way, by their names. */
public final class ListServerCertificates {
    private ListServerCertificates() {}

    public static ListServerCertificatesResponse read(
            Image image, ListServerCertificatesRequest request, String accountId) {
        String prefix = Optional.ofNullable(request.pathPrefix()).orElse("/");
        List<CertificateRow> all = image.startingWith(IamTables.CERTIFICATES, IamTables.key(accountId, "")).stream()
                .filter(row -> row.metadata().path().startsWith(prefix)).toList();
        Page<CertificateRow> page = Page.of("ListServerCertificates", all,
                row -> IamTables.key(accountId, row.name()), request.marker(), request.maxItems());
        return ListServerCertificatesResponse.builder()
                .serverCertificateMetadataList(page.items().stream().map(CertificateRow::metadata).toList())
                .isTruncated(page.nextMarker().isPresent()).marker(page.nextMarker().orElse(null)).build();
    }
}
