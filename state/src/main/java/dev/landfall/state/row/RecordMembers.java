package dev.landfall.state.row;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** The components of a record. One that was not stored is null, 0 or false. */
final class RecordMembers<T> implements GroupForm.Members<T> {
    private final Class<T> type;
    private final MethodHandle[] accessors;
    private final MethodHandle constructor;
    private final Object[] absent;

    RecordMembers(Class<T> type) {
        this.type = type;
        RecordComponent[] components = type.getRecordComponents();
        try {
            var lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            accessors = new MethodHandle[components.length];
            for (int i = 0; i < components.length; i++) {
                accessors[i] = lookup.unreflect(components[i].getAccessor())
                        .asType(MethodType.methodType(Object.class, Object.class));
            }
            Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            constructor = lookup.findConstructor(type, MethodType.methodType(void.class, types))
                    .asSpreader(Object[].class, types.length)
                    .asType(MethodType.methodType(Object.class, Object[].class));
        } catch (IllegalAccessException | NoSuchMethodException e) {
            throw new IllegalArgumentException(type.getName() + " cannot be stored", e);
        }
        absent = Arrays.stream(components).map(component -> zero(component.getType())).toArray();
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
            return (Object) accessors[member].invokeExact((Object) value);
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
            return type.cast((Object) constructor.invokeExact((Object[]) begun));
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
