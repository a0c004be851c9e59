package dev.landfall.wire.codec;

import dev.landfall.wire.model.Member;
import dev.landfall.wire.model.Shape;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;

/** Reads SDK shapes from XML documents, by local names. Document types and entities are refused. */
final class XmlReader {
    private static final XMLInputFactory FACTORY = factory();

    private XmlReader() {}

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    private static final class Element {
        private final String name;
        private final Map<String, String> attributes = new LinkedHashMap<>();
        private final List<Element> children = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();

        private Element(String name) {
            this.name = name;
        }

        private List<Element> named(String wanted) {
            return children.stream().filter(child -> child.name.equals(wanted)).toList();
        }
    }

    /** @throws Malformed if the document is no XML or a value has not its member's type */
    static void readInto(byte[] body, SdkPojo builder, Shape shape) {
        readMembers(parse(body), builder, shape);
    }

    static SdkPojo read(byte[] body, Shape shape) {
        SdkPojo builder = shape.builder();
        readInto(body, builder, shape);
        return Shape.build(builder);
    }

    private static Element parse(byte[] body) {
        try {
            XMLStreamReader in;
            synchronized (FACTORY) {
                // The JDK's factory shares a reader between callers.
                in = FACTORY.createXMLStreamReader(new StringReader(text(body)));
            }
            Deque<Element> open = new ArrayDeque<>();
            Element root = null;
            while (in.hasNext()) {
                switch (in.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        Element element = new Element(in.getLocalName());
                        for (int i = 0; i < in.getAttributeCount(); i++) {
                            element.attributes.put(in.getAttributeLocalName(i), in.getAttributeValue(i));
                        }
                        if (root == null) {
                            root = element;
                        } else {
                            open.getLast().children.add(element);
                        }
                        open.addLast(element);
                        if (open.size() > Json.MAX_DEPTH) {
                            throw new Malformed("The document is nested too deeply");
                        }
                    }
                    case XMLStreamConstants.END_ELEMENT -> open.removeLast();
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                        if (!open.isEmpty()) {
                            open.getLast().text.append(in.getText());
                        }
                    }
                    case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                        throw new Malformed("The document must not have a document type or entities");
                    default -> { }
                }
            }
            return root;
        } catch (XMLStreamException e) {
            throw new Malformed("The document is not well-formed XML");
        } catch (RuntimeException e) {
            // The JDK's parser answers some broken input with exceptions of its own inside.
            throw e instanceof Malformed malformed ? malformed : new Malformed("The document is not well-formed XML");
        }
    }

    /** The parser itself would complain about bytes that are not UTF-8 on standard error. */
    private static String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            throw new Malformed("The document is not UTF-8");
        }
    }

    private static void readMembers(Element element, SdkPojo builder, Shape shape) {
        for (Member member : shape.bodyMembers()) {
            Object value = member.isXmlAttribute()
                    ? element.attributes.get(localName(member.locationName()))
                    : readMember(element.named(member.locationName()), member);
            if (value != null) {
                member.set(builder, value);
            }
        }
    }

    private static String localName(String name) {
        return name.substring(name.indexOf(':') + 1);
    }

    private static Object readMember(List<Element> found, Member member) {
        if (found.isEmpty()) {
            return null;
        }
        return switch (member.kind()) {
            case LIST -> readList(
                    member.isFlattened() ? found : found.getFirst().named(member.listElementName()), member.element());
            case MAP -> readMap(member.isFlattened() ? found : found.getFirst().named("entry"), member);
            default -> readValue(found.getLast(), member);
        };
    }

    private static Object readValue(Element element, Member member) {
        return switch (member.kind()) {
            case SDK_POJO -> {
                SdkPojo builder = member.shape().builder();
                readMembers(element, builder, member.shape());
                yield Shape.build(builder);
            }
            case LIST, MAP -> readMember(List.of(element), member);
            default -> Scalars.parse(element.text.toString(), member, Format.ISO_8601);
        };
    }

    private static List<Object> readList(List<Element> elements, Member member) {
        List<Object> values = new ArrayList<>();
        for (Element element : elements) {
            values.add(readValue(element, member));
        }
        return values;
    }

    private static Map<String, Object> readMap(List<Element> entries, Member member) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Element entry : entries) {
            List<Element> key = entry.named(member.mapKeyName());
            List<Element> value = entry.named(member.mapValueName());
            if (!key.isEmpty() && !value.isEmpty()) {
                values.put(key.getFirst().text.toString(), readValue(value.getFirst(), member.element()));
            }
        }
        return values;
    }
}
