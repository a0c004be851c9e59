package dev.landfall.acm;

import dev.landfall.acm.account.AccountRow;
import dev.landfall.acm.certificate.CertificateRow;
import dev.landfall.acm.certificate.Material;
import dev.landfall.state.Table;
import dev.landfall.state.Table.Counter;
import dev.landfall.state.Table.Index;
import java.util.List;

/** The tables of this service. Keys are ARNs, so that the certificates of a scope stand together. */
public final class AcmTables {
    /** Those requested with an idempotency token, by {@link #tokenKey}. */
    public static final Index<CertificateRow> CERTIFICATES_BY_TOKEN = new Index<>("token", row ->
            row.token().isEmpty() ? List.of() : List.of(tokenKey(row.scope(), row.token())));

    /** Those that are to be issued, now or again, by {@link #millis} of when. */
    public static final Index<CertificateRow> CERTIFICATES_DUE = new Index<>("due", row ->
            row.due().map(at -> List.of(millis(at.toEpochMilli()))).orElse(List.of()));

    /** By {@link #originKey}. */
    public static final Counter<CertificateRow> CERTIFICATES_BY_ORIGIN = Counter.on("origin", row ->
            originKey(row.scope(), row.isImported() ? Origin.IMPORTED : Origin.REQUESTED));

    public static final Table<CertificateRow> CERTIFICATES = Table.of("acm_certificates", CertificateRow.class,
            CertificateRow::arn, CERTIFICATES_BY_TOKEN, CERTIFICATES_DUE, CERTIFICATES_BY_ORIGIN);

    /** The certificates themselves, with their keys; those that are not issued yet have none. */
    public static final Table<Material> MATERIALS = Table.of("acm_materials", Material.class, Material::arn);

    public static final Table<AccountRow> ACCOUNTS = Table.of("acm_accounts", AccountRow.class, AccountRow::scope);

    public static final List<Table<?>> ALL = List.of(CERTIFICATES, MATERIALS, ACCOUNTS);

    /** Where a certificate comes from. */
    public enum Origin { IMPORTED, REQUESTED }

    private AcmTables() {}

    public static String tokenKey(Scope scope, String token) {
        return scope.key() + '/' + token;
    }

    public static String originKey(Scope scope, Origin origin) {
        return scope.key() + '/' + origin;
    }

    /** Epoch milliseconds as a text that sorts like the number. */
    public static String millis(long epochMillis) {
        String text = Long.toString(epochMillis);
        return "0".repeat(Math.max(0, 15 - text.length())) + text;
    }
}
