package dev.landfall.elb;

import dev.landfall.wire.Call;

/** The account and region a call works in; resources of others are invisible to it. */
public record Scope(String accountId, String region) {
    public static Scope current() {
        Call call = Call.current();
        return new Scope(call.accountId(), call.region());
    }

    /** The scope a resource lives in, from its ARN. */
    public static Scope of(String arn) {
        String[] parts = arn.split(":", 6);
        return new Scope(parts[4], parts[3]);
    }

    /** {@code arn:aws:elasticloadbalancing:us-east-1:000000000000:} followed by {@code resource}. */
    public String arn(String resource) {
        return "arn:aws:elasticloadbalancing:" + region + ":" + accountId + ":" + resource;
    }
}
