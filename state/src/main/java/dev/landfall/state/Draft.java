package dev.landfall.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A decision in the making: each write is visible in {@link #image} at once, so that the next step of the same decision
 * sees it. Lives within one {@link Operation#decide} and is confined to its thread.
 */
public final class Draft {
    private final List<Write<?>> writes = new ArrayList<>();
    private final List<Effect> effects = new ArrayList<>();
    private final Image base;
    private Image image;

    public Draft(Image image) {
        this.base = image;
        this.image = image;
    }

    public Image image() {
        return image;
    }

    public <R> void put(Table<R> table, R row) {
        add(Write.put(table, row));
    }

    public <R> void delete(Table<R> table, String key) {
        add(Write.delete(table, key));
    }

    public void emit(Effect effect) {
        effects.add(effect);
    }

    public <A> Decision<A> reply(A reply) {
        return new Decision<>(reply, writes, effects, Optional.of(new Decision.Outcome(base, image)));
    }

    private void add(Write<?> write) {
        writes.add(write);
        image = image.apply(List.of(write));
    }
}
