package dev.landfall.iam;

import dev.landfall.iam.certificate.CertificateRow;
import dev.landfall.state.Table;
import dev.landfall.state.Table.Counter;
import dev.landfall.state.Table.Index;
import java.util.List;
import java.util.Locale;

/** The tables of this service. IAM knows no regions. */
public final class IamTables {
    public static final Index<CertificateRow> CERTIFICATES_BY_ARN = Index.on("arn", CertificateRow::arn);

    public static final Counter<CertificateRow> CERTIFICATES_BY_ACCOUNT =
            Counter.on("account", CertificateRow::accountId);

    /** Server certificates by {@link #key}, with their private keys. */
    public static final Table<CertificateRow> CERTIFICATES = Table.of("iam_server_certificates", CertificateRow.class,
            row -> key(row.accountId(), row.name()), CERTIFICATES_BY_ARN, CERTIFICATES_BY_ACCOUNT);

    public static final List<Table<?>> ALL = List.of(CERTIFICATES);

    private IamTables() {}

    /** Names differ in more than their capitals (user guide, IAM quotas: names are unique and not case-sensitive). */
    public static String key(String accountId, String name) {
        return accountId + '/' + name.toLowerCase(Locale.ROOT);
    }
}
