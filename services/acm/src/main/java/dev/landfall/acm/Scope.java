package dev.landfall.acm;

import dev.landfall.wire.Call;

/** The account and region a call works in; certificates of others are invisible to it. */
public record Scope(String accountId, String region) {
    public static Scope current() {
        Call call = Call.current();
        return new Scope(call.accountId(), call.region());
    }

    /** What the ARNs of this scope's certificates begin with. */
    public String arnPrefix() {
        return "arn:aws:acm:" + region + ":" + accountId + ":certificate/";
    }

    /** As a key of rows: {@code 000000000000/us-east-1}. */
    public String key() {
        return accountId + '/' + region;
    }
}
