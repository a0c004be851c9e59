package dev.landfall.ecs;

import dev.landfall.wire.SdkJson;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Tells whether two requests under one client token are the same. Of every member: a request's own text form hides
 * those that may be secret, such as environments.
 */
public final class RequestDigest {
    private RequestDigest() {}

    public static String of(SdkPojo request) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(SdkJson.write(request)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
