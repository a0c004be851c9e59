package dev.landfall.ecs.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Several iterators, each in the same order, as one; few of them. Confined to one thread. */
final class Merged<T> implements Iterator<T> {
    private final Comparator<T> order;
    private final List<Lane<T>> lanes = new ArrayList<>();

    /** One of the iterators; holds its next. */
    private static final class Lane<T> {
        private final Iterator<T> rest;
        private T next;

        Lane(Iterator<T> rest) {
            this.rest = rest;
            this.next = rest.next();
        }
    }

    Merged(List<Iterator<T>> iterators, Comparator<T> order) {
        this.order = order;
        iterators.stream().filter(Iterator::hasNext).forEach(each -> lanes.add(new Lane<>(each)));
    }

    @Override
    public boolean hasNext() {
        return !lanes.isEmpty();
    }

    @Override
    public T next() {
        if (lanes.isEmpty()) {
            throw new NoSuchElementException();
        }
        Lane<T> first = lanes.getFirst();
        for (int i = 1; i < lanes.size(); i++) {
            if (order.compare(lanes.get(i).next, first.next) < 0) {
                first = lanes.get(i);
            }
        }
        T next = first.next;
        if (first.rest.hasNext()) {
            first.next = first.rest.next();
        } else {
            lanes.remove(first);
        }
        return next;
    }
}
