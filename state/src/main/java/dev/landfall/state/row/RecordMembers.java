package dev.landfall.state.row;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/**
 * The components of a record. One that was not stored is null, 0 or false. What takes records apart and puts them
 * together is made when it is first needed: each handle costs the JVM a class, and most tables are empty at a start.
 */
final class RecordMembers<T> implements GroupForm.Members<T> {
    private final Class<T> type;
    private final RecordComponent[] components;
    private final Object[] absent;

    /** Made once by whoever needs them first; a race makes the same. */
    private volatile MethodHandle[] accessors;
    private volatile MethodHandle constructor;

    RecordMembers(Class<T> type) {
        this.type = type;
        this.components = type.getRecordComponents();
        this.absent = Arrays.stream(components).map(component -> zero(component.getType())).toArray();
    }

    private MethodHandle[] accessors() {
        MethodHandle[] known = accessors;
        if (known == null) {
            known = new MethodHandle[components.length];
            try {
                var lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
                for (int i = 0; i < known.length; i++) {
                    known[i] = lookup.unreflect(components[i].getAccessor())
                            .asType(MethodType.methodType(Object.class, Object.class));
                }
            } catch (IllegalAccessException e) {
                throw new IllegalArgumentException(type.getName() + " cannot be stored", e);
            }
            accessors = known;
        }
        return known;
    }

    private MethodHandle constructor() {
        MethodHandle known = constructor;
        if (known == null) {
            Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            try {
                known = MethodHandles.privateLookupIn(type, MethodHandles.lookup())
                        .findConstructor(type, MethodType.methodType(void.class, types))
                        .asSpreader(Object[].class, types.length)
                        .asType(MethodType.methodType(Object.class, Object[].class));
            } catch (IllegalAccessException | NoSuchMethodException e) {
                throw new IllegalArgumentException(type.getName() + " cannot be stored", e);
            }
            constructor = known;
        }
        return known;
    }

    private static Object zero(Class<?> type) {
        return type == int.class ? (Object) 0
                : type == long.class ? (Object) 0L
                : type == double.class ? (Object) 0.0
                : type == boolean.class ? (Object) false
                : null;
    }

    @Override
    public Object get(T value, int member) {
        try {
            return (Object) accessors()[member].invokeExact((Object) value);
        } catch (Throwable e) {
            throw wrapped(e);
        }
    }

    @Override
    public Object begin() {
        return absent.clone();
    }

    @Override
    public void set(Object begun, int member, Object value) {
        ((Object[]) begun)[member] = value;
    }

    @Override
    public T end(Object begun) {
        try {
            return type.cast((Object) constructor().invokeExact((Object[]) begun));
        } catch (Throwable e) {
            throw wrapped(e);
        }
    }

    private static RuntimeException wrapped(Throwable e) {
        return switch (e) {
            case RuntimeException known -> known;
            case Error error -> throw error;
            default -> new IllegalStateException(e);
        };
    }
}
