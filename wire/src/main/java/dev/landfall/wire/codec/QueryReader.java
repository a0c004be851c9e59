package dev.landfall.wire.codec;

import dev.landfall.wire.model.Member;
import dev.landfall.wire.model.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;

/**
 * Reads SDK shapes from query parameters. {@code Tags.member.1.Key=a} is first hung into a tree by the dots of its
 * name; then the shape takes from the tree what it knows. EC2's lists are always flattened, {@code Tag.1.Key=a}; both
 * forms are understood wherever a list is.
 */
final class QueryReader {
    private QueryReader() {}

    /** A name up to some dot: the value of the parameter of exactly that name, and what goes on behind it. */
    private static final class Node {
        private String value;
        private Map<String, Node> children = Map.of();

        private Node child(String name) {
            if (children.isEmpty()) {
                children = new LinkedHashMap<>();
            }
            return children.computeIfAbsent(name, key -> new Node());
        }

        private Node get(String name) {
            return children.get(name);
        }

        private boolean isEmptyMark() {
            return children.isEmpty() && (value == null || value.isEmpty());
        }
    }

    /** @throws Malformed if a value has not its member's type */
    static SdkPojo read(Map<String, List<String>> parameters, Shape shape) {
        Node root = new Node();
        parameters.forEach((name, values) -> {
            Node node = root;
            int depth = 0;
            for (String part : name.split("\\.", -1)) {
                if (++depth > Json.MAX_DEPTH) {
                    throw new Malformed("A parameter name has too many parts");
                }
                node = node.child(part);
            }
            node.value = values.getFirst();
        });
        return readStructure(root, shape);
    }

    private static SdkPojo readStructure(Node node, Shape shape) {
        SdkPojo builder = shape.builder();
        for (Member member : shape.bodyMembers()) {
            Node found = node.get(member.locationName());
            if (found != null) {
                Object value = readValue(found, member);
                if (value != null) {
                    member.set(builder, value);
                }
            }
        }
        return Shape.build(builder);
    }

    private static Object readValue(Node node, Member member) {
        return switch (member.kind()) {
            case SDK_POJO -> readStructure(node, member.shape());
            case LIST -> readList(node, member);
            case MAP -> readMap(node, member);
            default -> node.value == null ? null : Scalars.parse(node.value, member, Format.ISO_8601);
        };
    }

    private static List<Object> readList(Node node, Member member) {
        if (node.isEmptyMark()) {
            return List.of();
        }
        Node wrapped = node.get(member.listElementName());
        Node elements = wrapped == null && !member.listElementName().equals("member") ? node.get("member") : wrapped;
        List<Object> values = new ArrayList<>();
        for (Node element : numbered(elements == null ? node : elements)) {
            Object value = readValue(element, member.element());
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    private static Map<String, Object> readMap(Node node, Member member) {
        if (node.isEmptyMark()) {
            return Map.of();
        }
        Node entries = node.get("entry");
        Map<String, Object> values = new LinkedHashMap<>();
        for (Node entry : numbered(entries == null ? node : entries)) {
            Node key = entry.get(member.mapKeyName());
            Node value = entry.get(member.mapValueName());
            if (key != null && key.value != null && value != null) {
                values.put(key.value, readValue(value, member.element()));
            }
        }
        return values;
    }

    /** Children in the order of their numbers, which need not be without gaps. */
    private static Iterable<Node> numbered(Node node) {
        Map<Integer, Node> sorted = new TreeMap<>();
        node.children.forEach((name, child) -> {
            try {
                sorted.put(Integer.valueOf(name), child);
            } catch (NumberFormatException e) {
                throw new Malformed("A list or map parameter is not numbered: " + name);
            }
        });
        return sorted.values();
    }
}
