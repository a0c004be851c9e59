package dev.landfall.protocol.edge;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What the control plane tells a data plane: first everything, then what changes. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = EdgeMessage.Everything.class, name = "Everything"),
    @JsonSubTypes.Type(value = EdgeMessage.Changed.class, name = "Changed"),
})
public sealed interface EdgeMessage {
    /**
     * Where a data plane opens its websocket; text frames of these messages one way, of {@link EdgeReport} the
     * other.
     */
    String PATH = "/_landfall/edge/ws";

    /** Also sent later, to a data plane that has fallen behind. */
    record Everything(EdgeSnapshot snapshot) implements EdgeMessage {
        public Everything {
            Checks.present(snapshot, "snapshot");
        }
    }

    record Changed(EdgeUpdate update) implements EdgeMessage {
        public Changed {
            Checks.present(update, "update");
        }
    }

    /** What a data plane has that had {@code before} and was told this; a change that is no news changes nothing. */
    default EdgeSnapshot after(EdgeSnapshot before) {
        return switch (this) {
            case Everything(var snapshot) -> snapshot;
            case Changed(var update) -> update.version() <= before.version() ? before : before.with(update);
        };
    }
}
