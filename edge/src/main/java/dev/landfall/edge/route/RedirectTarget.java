package dev.landfall.edge.route;

import dev.landfall.edge.http.Head;
import dev.landfall.protocol.edge.Action;
import java.util.Locale;

/** Makes the Location of a redirect action. */
public record RedirectTarget(
        String protocol, String host, String port, String path, String query, int status) {

    static RedirectTarget of(Action.Redirect redirect) {
        return new RedirectTarget(OneLine.of(redirect.protocol()), OneLine.of(redirect.host()),
                OneLine.of(redirect.port()), OneLine.of(redirect.path()), OneLine.of(redirect.query()),
                redirect.statusCode().equals("HTTP_301") ? 301 : 302);
    }

    /** As AWS writes it: always with the port, {@code https://host:443/path?query}. */
    public String location(Head head, String requestProtocol, int requestPort) {
        String requestedHost = head.text(head.hostStart(), head.hostEnd());
        String requestedPath = head.text(head.targetStart(), head.pathEnd());
        String pathWithoutSlash = requestedPath.startsWith("/") ? requestedPath.substring(1) : requestedPath;
        String requestedQuery = head.pathEnd() < head.targetEnd()
                ? head.text(head.pathEnd() + 1, head.targetEnd()) : "";
        var values = new Values(requestProtocol.toLowerCase(Locale.ROOT), requestedHost,
                Integer.toString(requestPort), pathWithoutSlash, requestedQuery);
        String newQuery = values.in(query);
        return values.in(protocol).toLowerCase(Locale.ROOT) + "://" + values.in(host) + ":" + values.in(port)
                + values.in(path) + (newQuery.isEmpty() ? "" : "?" + newQuery);
    }

    private record Values(String protocol, String host, String port, String path, String query) {
        /** In one pass, so that what a client sent is not looked at for placeholders again. */
        String in(String template) {
            if (!template.contains("#{")) {
                return template;
            }
            var text = new StringBuilder();
            int at = 0;
            while (at < template.length()) {
                int start = template.indexOf("#{", at);
                int end = start < 0 ? -1 : template.indexOf('}', start);
                if (end < 0) {
                    break;
                }
                text.append(template, at, start).append(value(template.substring(start, end + 1)));
                at = end + 1;
            }
            return text.append(template, at, template.length()).toString();
        }

        private String value(String placeholder) {
            return switch (placeholder) {
                case "#{protocol}" -> protocol;
                case "#{host}" -> host;
                case "#{port}" -> port;
                case "#{path}" -> path;
                case "#{query}" -> query;
                default -> placeholder;
            };
        }
    }
}
