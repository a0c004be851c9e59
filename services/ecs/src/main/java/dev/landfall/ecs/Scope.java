package dev.landfall.ecs;

import dev.landfall.wire.Call;

/** The account and region a call works in; resources of others are invisible to it. */
public record Scope(String accountId, String region) {
    public static Scope current() {
        Call call = Call.current();
        return new Scope(call.accountId(), call.region());
    }

    /** The scope a resource lives in, from its ARN. */
    public static Scope of(String arn) {
        int region = afterColons(arn, 3); // looked at for every task: splitting the whole ARN is slow
        int account = arn.indexOf(':', region) + 1;
        return new Scope(arn.substring(account, arn.indexOf(':', account)), arn.substring(region, account - 1));
    }

    private static int afterColons(String arn, int count) {
        int at = 0;
        for (int i = 0; i < count; i++) {
            at = arn.indexOf(':', at) + 1;
        }
        return at;
    }

    /** {@code arn:aws:ecs:us-east-1:000000000000:} followed by {@code resource}. */
    public String arn(String resource) {
        return "arn:aws:ecs:" + region + ":" + accountId + ":" + resource;
    }
}
