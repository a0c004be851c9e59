package dev.landfall.protocol.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * Finds what can be understood of a snapshot or a change of one with a value that cannot: a newer control plane may
 * know of more than a data plane does, and that must not cost the listeners that use nothing of it. Left out is the
 * smallest thing that makes sense alone: a listener, which is then told as {@link Balancer.Unread}, or a target; else
 * the whole load balancer or target group, which is written to the log. Of one document.
 */
final class Salvage {
    private static final System.Logger LOG = System.getLogger(Salvage.class.getName());

    private final ObjectMapper json;
    private boolean leftOut;

    private Salvage(ObjectMapper json) {
        this.json = json;
    }

    /**
     * Takes out of {@code document} what cannot be understood.
     *
     * @return whether that was anything
     */
    static boolean prune(JsonNode document, ObjectMapper json) {
        var salvage = new Salvage(json);
        for (JsonNode holder : new JsonNode[] {document, document.path("snapshot"), document.path("update")}) {
            salvage.balancers(holder.path("balancers"));
            salvage.groups(holder.path("targetGroups"));
        }
        return salvage.leftOut;
    }

    private void balancers(JsonNode balancers) {
        balancers.forEach(balancer -> {
            if (balancer instanceof ObjectNode present) {
                var unread = json.createArrayNode();
                keepReadable(present.path("listeners"), Listener.class, (listener, reason) -> unread.addObject()
                        .put("listenerArn", listener.path("arn").asText())
                        .put("port", listener.path("port").asInt())
                        .put("reason", reason));
                if (!unread.isEmpty()) {
                    present.set("unread", unread);
                }
            }
        });
        keepReadable(balancers, Balancer.class, (balancer, reason) -> LOG.log(System.Logger.Level.WARNING,
                "a load balancer cannot be understood and is left out: {0} ({1})", reason, balancer.path("arn")));
    }

    private void groups(JsonNode groups) {
        for (JsonNode group : groups) {
            keepReadable(group.path("targets"), TargetGroup.Target.class, (target, reason) -> LOG.log(
                    System.Logger.Level.WARNING, "a target cannot be understood and is left out: {0} ({1} of {2})",
                    reason, target.path("id"), group.path("arn")));
        }
        keepReadable(groups, TargetGroup.class, (group, reason) -> LOG.log(System.Logger.Level.WARNING,
                "a target group cannot be understood and is left out: {0} ({1})", reason, group.path("arn")));
    }

    /** Told of what is left out, and why. */
    @FunctionalInterface
    private interface Told {
        void leftOut(JsonNode what, String reason);
    }

    private void keepReadable(JsonNode items, Class<?> type, Told told) {
        if (!(items instanceof ArrayNode)) {
            return;
        }
        for (Iterator<JsonNode> rest = items.iterator(); rest.hasNext();) {
            JsonNode item = rest.next();
            fault(item, type, reason -> {
                told.leftOut(item, reason);
                rest.remove();
                leftOut = true;
            });
        }
    }

    private void fault(JsonNode item, Class<?> type, Consumer<String> otherwise) {
        try {
            if (json.treeToValue(item, type) == null) {
                otherwise.accept("null");
            }
        } catch (JsonProcessingException e) {
            otherwise.accept(e.getCause() instanceof IllegalArgumentException wrong
                    ? wrong.getMessage() : e.getOriginalMessage());
        }
    }
}
