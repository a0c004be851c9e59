package dev.landfall.wire.codec;

import dev.landfall.wire.model.Member;
import dev.landfall.wire.model.Shape;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;

/**
 * Writes one XML document of SDK shapes under their names in responses. Characters that XML 1.0 cannot carry become
 * U+FFFD: the reference that AWS writes for them is refused by parsers. Not for more than one thread.
 */
final class XmlWriter {
    private final StringBuilder out = new StringBuilder(1024).append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");

    XmlWriter open(String name) {
        out.append('<').append(name).append('>');
        return this;
    }

    XmlWriter open(String name, String namespace) {
        out.append('<').append(name).append(" xmlns=\"");
        escape(namespace);
        out.append("\">");
        return this;
    }

    XmlWriter close(String name) {
        out.append("</").append(name).append('>');
        return this;
    }

    XmlWriter text(String name, String text) {
        open(name);
        escape(text);
        return close(name);
    }

    XmlWriter members(Object pojo, Shape shape) {
        for (Member member : shape.bodyMembers()) {
            Object value = member.isXmlAttribute() ? null : member.value(pojo);
            if (value != null) {
                value(member.unmarshallLocationName(), value, member);
            }
        }
        return this;
    }

    private void value(String name, Object value, Member member) {
        switch (member.kind()) {
            case SDK_POJO -> {
                out.append('<').append(name);
                member.xmlAttributes(value).forEach((attribute, text) -> {
                    out.append(' ').append(attribute).append("=\"");
                    escape(text);
                    out.append('"');
                });
                out.append('>');
                members(value, member.shape());
                close(name);
            }
            case LIST -> list(name, (List<?>) value, member);
            case MAP -> map(name, (Map<?, ?>) value, member);
            default -> text(name, Scalars.format(value, member, Format.ISO_8601));
        }
    }

    private void list(String name, List<?> values, Member member) {
        if (member.isFlattened()) {
            for (Object value : values) {
                value(name, value, member.element());
            }
            return;
        }
        open(name);
        for (Object value : values) {
            value(member.listElementName(), value, member.element());
        }
        close(name);
    }

    private void map(String name, Map<?, ?> values, Member member) {
        if (!member.isFlattened()) {
            open(name);
        }
        String entryName = member.isFlattened() ? name : "entry";
        for (var entry : values.entrySet()) {
            open(entryName);
            text(member.mapKeyName(), entry.getKey().toString());
            value(member.mapValueName(), entry.getValue(), member.element());
            close(entryName);
        }
        if (!member.isFlattened()) {
            close(name);
        }
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                // Parsers turn a bare carriage return into a line feed.
                case '\r' -> out.append("&#xD;");
                case '\n', '\t' -> out.append(c);
                default -> out.append(c < 0x20 || c == 0xFFFE || c == 0xFFFF ? '\uFFFD' : c);
            }
        }
    }

    byte[] bytes() {
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }
}
