package dev.landfall.acm;

/** AWS's default quotas (ACM user guide, quotas). Those of a year are not counted. */
public final class Quotas {
    /** Requested ones; also those that have expired or were revoked. */
    public static final int CERTIFICATES = 2_500;
    public static final int IMPORTED_CERTIFICATES = 2_500;
    public static final int DOMAIN_NAMES_PER_CERTIFICATE = 10;
    public static final int TAGS_PER_CERTIFICATE = 50;

    private Quotas() {}
}
