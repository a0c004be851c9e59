package dev.landfall.acm.account;

import java.time.Instant;

/**
 * What an account has set in a region.
 *
 * @param scope {@link dev.landfall.acm.Scope#key}
 * @param token with which it was set
 * @param setAt when
 */
public record AccountRow(String scope, int daysBeforeExpiry, String token, Instant setAt) {}
