package dev.landfall.state;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * The view of many rows, made once by whoever needs it first: after a start the first answers need few views. Safe for
 * any thread.
 */
final class DeferredView<R> implements View<R> {
    private volatile View<R> made;

    /** Holds on to the rows until the view is made, and to little afterwards. Guarded by this. */
    private Supplier<View<R>> maker;

    DeferredView(Supplier<View<R>> maker) {
        this.maker = maker;
    }

    @Override
    public View<R> now() {
        View<R> known = made;
        return known == null ? make() : known;
    }

    private synchronized View<R> make() {
        if (made == null) {
            View<R> view = maker.get();
            maker = () -> view;
            made = view;
        }
        return made;
    }

    @Override
    public Making<R> making() {
        return now().making();
    }

    @Override
    public View<R> changed(String key, Optional<R> before, Optional<R> after) {
        return now().changed(key, before, after);
    }
}
