package dev.landfall.app.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.EcsRequest;

/**
 * Requests that any codec takes and no service expects: each has one member, at any depth, that is empty, negative or a
 * hollow shell, beside others that make sense, so that it gets past the first checks. Made from the SDK's own
 * description of its shapes.
 */
final class Nonsense {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int DEPTH = 4;
    private static final String CLUSTER = "prey";

    /** Members that make sense, by their names, wherever they occur. */
    private final Map<String, JsonNode> sense = new TreeMap<>();

    record Request(String operation, String body) {}

    private Nonsense(String containerInstance) {
        sense.put("cluster", JSON.textNode(CLUSTER));
        sense.put("serviceName", JSON.textNode("web"));
        sense.put("service", JSON.textNode("web"));
        sense.put("taskDefinition", JSON.textNode("prey:1"));
        sense.put("family", JSON.textNode("prey"));
        sense.put("containerInstance", JSON.textNode(containerInstance));
        sense.put("containerInstances", JSON.arrayNode().add(containerInstance));
        var container = JSON.objectNode().put("name", "app").put("image", "app").put("memory", 64);
        sense.put("containerDefinitions", JSON.arrayNode().add(container));
        sense.put("name", JSON.textNode("app"));
        sense.put("image", JSON.textNode("app"));
        sense.put("memory", JSON.numberNode(64));
        sense.put("resourceArn", JSON.textNode("arn:aws:ecs:us-east-1:000000000000:cluster/" + CLUSTER));
    }

    /** For every operation of ECS; those that take things away come last. */
    static List<Request> ecs(EcsClient ecs) {
        ecs.createCluster(r -> r.clusterName(CLUSTER));
        ecs.registerTaskDefinition(r -> r.family("prey").containerDefinitions(
                software.amazon.awssdk.services.ecs.model.ContainerDefinition.builder()
                        .name("app").image("app").memory(64).build()));
        ecs.createService(r -> r.cluster(CLUSTER).serviceName("web").taskDefinition("prey").desiredCount(0));
        String instance = ecs.registerContainerInstance(r -> r.cluster(CLUSTER)).containerInstance()
                .containerInstanceArn();
        var nonsense = new Nonsense(instance);
        var requests = new ArrayList<Request>();
        Arrays.stream(EcsClient.class.getMethods())
                .filter(method -> method.getParameterCount() == 1
                        && EcsRequest.class.isAssignableFrom(method.getParameterTypes()[0])
                        && !method.getName().endsWith("Paginator"))
                .sorted(Comparator.comparing((Method method) -> method.getName().startsWith("de")
                        && !method.getName().startsWith("describe")).thenComparing(Method::getName))
                .forEach(method -> requests.addAll(nonsense.requests(method)));
        return requests;
    }

    private List<Request> requests(Method method) {
        String operation = Character.toUpperCase(method.getName().charAt(0)) + method.getName().substring(1);
        return variants(fields(method.getParameterTypes()[0]), 0).stream()
                .map(body -> new Request(operation, body.toString())).toList();
    }

    private static List<SdkField<?>> fields(Class<?> request) {
        try {
            return ((SdkPojo) request.getMethod("builder").invoke(null)).sdkFields();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** A structure of sensible members, nothing at all, and with each member in turn made no sense of. */
    private List<JsonNode> variants(List<SdkField<?>> fields, int depth) {
        ObjectNode sensible = JSON.objectNode();
        for (SdkField<?> field : fields) {
            JsonNode value = sense.get(field.locationName());
            if (value != null && (value.isTextual() == (field.marshallingType() == MarshallingType.STRING))) {
                sensible.set(field.locationName(), value);
            }
        }
        var all = new ArrayList<JsonNode>(List.of(sensible, JSON.objectNode()));
        if (depth < DEPTH) {
            for (SdkField<?> field : fields) {
                for (JsonNode value : values(field, depth + 1)) {
                    ObjectNode variant = sensible.deepCopy();
                    variant.set(field.locationName(), value);
                    all.add(variant);
                }
            }
        }
        return all;
    }

    private List<JsonNode> values(SdkField<?> field, int depth) {
        MarshallingType<?> type = field.marshallingType();
        if (type == MarshallingType.STRING) {
            return depth == 1 ? List.of(JSON.textNode(""), JSON.textNode("arn:\u0000/:x")) : List.of(JSON.textNode(""));
        }
        if (type == MarshallingType.LIST) {
            var lists = new ArrayList<JsonNode>(List.of(JSON.arrayNode()));
            for (JsonNode member : values(field.getTrait(ListTrait.class).memberFieldInfo(), depth)) {
                lists.add(JSON.arrayNode().add(member));
            }
            return lists;
        }
        if (type == MarshallingType.MAP) {
            var maps = new ArrayList<JsonNode>(List.of(JSON.objectNode()));
            for (JsonNode member : values(field.getTrait(MapTrait.class).valueFieldInfo(), depth)) {
                maps.add(JSON.objectNode().set("", member));
            }
            return maps;
        }
        if (type == MarshallingType.SDK_POJO) {
            return variants(field.constructor().get().sdkFields(), depth);
        }
        return type == MarshallingType.BOOLEAN ? List.of(JSON.booleanNode(true)) : List.of(JSON.numberNode(-1));
    }
}
