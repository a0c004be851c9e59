package dev.landfall.edge.http;

import dev.landfall.edge.net.ByteSink;
import dev.landfall.edge.net.HttpDate;
import dev.landfall.edge.net.Loop;
import dev.landfall.edge.route.RouteAction;
import dev.landfall.edge.target.Group;
import dev.landfall.edge.target.GroupSettings;
import dev.landfall.edge.target.Member;
import java.nio.charset.StandardCharsets;

/**
 * The cookies by which a client keeps its target group (AWSALBTG) and its target (AWSALB, or AWSALBAPP-0 beside a
 * cookie of the application), and their twins for requests across origins. AWS's cookies are encrypted; ours name the
 * target by a hash and say when they go stale, so that every process reads every other's.
 */
final class Stickiness {
    static final Stickiness NONE = new Stickiness("", "", "", 0);
    private static final byte[] SET_COOKIE = "Set-Cookie: ".getBytes(StandardCharsets.US_ASCII);
    private static final int KEY_LENGTH = 32;

    private final String groupCookie;
    private final String targetCookie;
    private final String applicationCookie;
    private final int groupSeconds;

    private Stickiness(String groupCookie, String targetCookie, String applicationCookie, int groupSeconds) {
        this.groupCookie = groupCookie;
        this.targetCookie = targetCookie;
        this.applicationCookie = applicationCookie;
        this.groupSeconds = groupSeconds;
    }

    /** What the request's cookies say. Costs nothing for requests without cookies to actions without stickiness. */
    static Stickiness of(Head request, RouteAction.Forward forward) {
        boolean sticky = forward.stickinessSeconds() > 0;
        for (Group group : forward.groups()) {
            sticky |= group.settings().stickiness() != GroupSettings.Stickiness.NONE;
        }
        if (!sticky) {
            return NONE;
        }
        return new Stickiness(
                fresh(first(cookie(request, "AWSALBTG"), cookie(request, "AWSALBTGCORS"))),
                fresh(first(cookie(request, "AWSALB"), cookie(request, "AWSALBCORS"))),
                fresh(cookie(request, "AWSALBAPP-0")),
                forward.stickinessSeconds());
    }

    Group group(RouteAction.Forward forward, Loop loop) {
        Group sticky = groupCookie.isEmpty() || groupSeconds == 0 ? null : forward.sticky(groupCookie);
        return sticky != null ? sticky : forward.choose(loop);
    }

    /** The member that the client keeps; null if it has none or that one may not be chosen. */
    Member member(Group group) {
        return switch (group.settings().stickiness()) {
            case LB_COOKIE -> targetCookie.isEmpty() ? null : group.sticky(targetCookie);
            case APP_COOKIE -> applicationCookie.isEmpty() ? null : group.sticky(applicationCookie);
            case NONE, SOURCE_IP -> null;
        };
    }

    void write(ByteSink sink, Group group, Member member, Head response) {
        if (groupSeconds > 0) {
            set(sink, "AWSALBTG", group.stickyKey(), groupSeconds);
            set(sink, "AWSALBTGCORS", group.stickyKey(), groupSeconds);
        }
        GroupSettings settings = group.settings();
        switch (settings.stickiness()) {
            case LB_COOKIE -> {
                set(sink, "AWSALB", member.stickyKey(), settings.stickinessSeconds());
                set(sink, "AWSALBCORS", member.stickyKey(), settings.stickinessSeconds());
            }
            case APP_COOKIE -> {
                if (setsCookie(response, settings.appCookie())) {
                    set(sink, "AWSALBAPP-0", member.stickyKey(), settings.stickinessSeconds());
                }
            }
            case NONE, SOURCE_IP -> { }
        }
    }

    private static void set(ByteSink sink, String name, String key, int seconds) {
        long expires = System.currentTimeMillis() / 1_000 + seconds;
        sink.put(SET_COOKIE).put(name).put('=').put(key).putHex(expires, 10).put("; Expires=")
                .put(HttpDate.of(expires)).put("; Path=/");
        if (name.endsWith("CORS")) {
            sink.put("; SameSite=None; Secure");
        }
        sink.put("\r\n");
    }

    private static boolean setsCookie(Head response, String name) {
        for (int i = 0; i < response.fields; i++) {
            if (response.field(i) == Field.SET_COOKIE && response.value(i).startsWith(name + "=")) {
                return true;
            }
        }
        return false;
    }

    private static String first(String one, String other) {
        return one.isEmpty() ? other : one;
    }

    /** The key in a cookie's value; empty if it is none of ours or has gone stale. */
    private static String fresh(String value) {
        if (value.length() != KEY_LENGTH + 10) {
            return "";
        }
        try {
            long expires = Long.parseLong(value.substring(KEY_LENGTH), 16);
            return expires > System.currentTimeMillis() / 1_000 ? value.substring(0, KEY_LENGTH) : "";
        } catch (NumberFormatException e) {
            return "";
        }
    }

    /** The value of a request's cookie; empty without it. */
    static String cookie(Head request, String name) {
        if (request.cookies == 0) {
            return "";
        }
        for (int i = 0; i < request.fields; i++) {
            if (request.field(i) == Field.COOKIE) {
                for (String pair : request.value(i).split(";")) {
                    String trimmed = pair.strip();
                    if (trimmed.startsWith(name) && trimmed.startsWith("=", name.length())) {
                        return trimmed.substring(name.length() + 1);
                    }
                }
            }
        }
        return "";
    }
}
