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

    /** The query parameter by which a data plane says which one it is: the same after every restart. */
    String ID = "id";

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

    /** The version that is in effect once this has been carried out. */
    default long version() {
        return switch (this) {
            case Everything(var snapshot) -> snapshot.version();
            case Changed(var update) -> update.version();
        };
    }

    /** What a data plane has that had {@code before} and was told this; a change that is no news changes nothing. */
    default EdgeSnapshot after(EdgeSnapshot before) {
        return switch (this) {
            case Everything(var snapshot) -> snapshot;
            case Changed(var update) -> update.version() <= before.version() ? before : before.with(update);
        };
    }
}
