package dev.landfall.wire.codec;

import com.fasterxml.jackson.core.SerializableString;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The JSON of large shapes, kept because services hand out the same immutable objects again and again: a page of a
 * hundred tasks is copied together instead of encoded anew. A shape is known by its identity; it cannot change, so what
 * is kept is never stale. Each shape has one slot, and a newcomer takes the slot of whoever was there. Safe for any
 * thread.
 */
final class EncodedShapes {
    /** Some 50 MB when all slots are taken by tasks; nothing until shapes are read in large pages. */
    private static final int SLOTS = 1 << 15;

    /** Smaller lists are not worth a slot, and often made for one answer only. */
    static final int LIST_MIN = 16;

    /** Shapes of fewer members are encoded in no time. */
    static final int MEMBERS_MIN = 16;

    private record Encoded(Object shape, SerializableString json) {}

    private final AtomicReferenceArray<Encoded> slots = new AtomicReferenceArray<>(SLOTS);

    /** Makes the JSON of a shape. */
    interface Encoder {
        byte[] encode(Object shape) throws IOException;
    }

    SerializableString of(Object shape, Encoder encoder) throws IOException {
        int slot = System.identityHashCode(shape) & SLOTS - 1;
        Encoded known = slots.get(slot);
        if (known != null && known.shape == shape) {
            return known.json;
        }
        var json = new EncodedJson(encoder.encode(shape));
        slots.set(slot, new Encoded(shape, json));
        return json;
    }
}
