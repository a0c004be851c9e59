package dev.landfall.edge.route;

import com.google.re2j.Pattern;
import com.google.re2j.Matcher;
import dev.landfall.protocol.edge.Transform;
import java.util.List;

/** The transforms of a rule: regular expressions (RE2, linear time) and what their first match becomes. */
public final class Rewrites {
    private record One(Pattern pattern, String replacement) {}

    private final List<One> host;
    private final List<One> url;

    private Rewrites(List<One> host, List<One> url) {
        this.host = host;
        this.url = url;
    }

    /** @throws IllegalArgumentException if an expression is none */
    static Rewrites of(List<Transform> transforms) {
        var host = new java.util.ArrayList<One>();
        var url = new java.util.ArrayList<One>();
        for (Transform transform : transforms) {
            switch (transform) {
                case Transform.HostHeaderRewrite(var rewrites) -> rewrites.forEach(one -> host.add(compile(one)));
                case Transform.UrlRewrite(var rewrites) -> rewrites.forEach(one -> url.add(compile(one)));
            }
        }
        return new Rewrites(List.copyOf(host), List.copyOf(url));
    }

    private static One compile(Transform.Rewrite rewrite) {
        return new One(Patterns.expression(rewrite.regex(), 0), rewrite.replace());
    }

    public boolean changesHost() {
        return !host.isEmpty();
    }

    public boolean changesUrl() {
        return !url.isEmpty();
    }

    public String host(String old) {
        return apply(host, old);
    }

    /** Of path and query together. */
    public String url(String old) {
        String changed = apply(url, old);
        return changed.startsWith("/") ? changed : "/" + changed;
    }

    private static String apply(List<One> rewrites, String old) {
        String text = old;
        for (One rewrite : rewrites) {
            Matcher matcher = rewrite.pattern().matcher(text);
            if (matcher.find()) {
                text = text.substring(0, matcher.start()) + filled(rewrite.replacement(), matcher)
                        + text.substring(matcher.end());
            }
        }
        return clean(text);
    }

    /** {@code $1} to {@code $9} are the groups; a group that is not there is empty. */
    private static String filled(String replacement, Matcher matcher) {
        var text = new StringBuilder();
        for (int i = 0; i < replacement.length(); i++) {
            char c = replacement.charAt(i);
            int group = c == '$' && i + 1 < replacement.length() ? replacement.charAt(i + 1) - '0' : -1;
            if (group < 0 || group > 9) {
                text.append(c);
                continue;
            }
            i++;
            String value = group <= matcher.groupCount() ? matcher.group(group) : null;
            text.append(value == null ? "" : value);
        }
        return text.toString();
    }

    /** Nothing that could end a line or a request target. */
    private static String clean(String text) {
        var clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > ' ' && c != 127) {
                clean.append(c);
            }
        }
        return clean.toString();
    }
}
