package dev.landfall.state.row;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The forms of all types that can be stored: records of texts, numbers, truth values, times, enums, lists, sorted sets,
 * maps and records, and what a {@link Source} adds. Safe for any thread.
 */
public final class Forms {
    private static final Form<String> TEXT = form((text, out) -> out.text(text), RowReader::text);
    private static final Form<Boolean> TRUTH = form((truth, out) -> out.truth(truth), RowReader::truth);
    private static final Form<Integer> INTEGER =
            form((number, out) -> out.number(number), in -> Math.toIntExact(in.number()));
    private static final Form<Long> LONG = form((number, out) -> out.number(number), RowReader::number);
    private static final Form<Double> FRACTION = form((number, out) -> out.fraction(number), RowReader::fraction);
    private static final Form<Instant> TIME = form((time, out) -> out.time(time), RowReader::time);

    private final Source more;
    private final Map<Type, Form<?>> known = new ConcurrentHashMap<>(); // only looked up in

    /** Forms of types that are not Java's own. */
    @FunctionalInterface
    public interface Source {
        Optional<Form<?>> find(Class<?> type);
    }

    public Forms(Source more) {
        this.more = more;
    }

    /** The forms of Java's own types. */
    public static Forms ofRecords() {
        return new Forms(type -> Optional.empty());
    }

    /**
     * The form of a row.
     *
     * @throws IllegalArgumentException if rows of that type cannot be stored
     */
    @SuppressWarnings("unchecked") // each type's own form is found for it
    public <R> Form<R> of(Class<R> type) {
        return (Form<R>) of((Type) type);
    }

    private Form<?> of(Type type) {
        Form<?> found = known.get(type);
        if (found == null) {
            found = switch (type) {
                case Class<?> plain -> plain(plain);
                case ParameterizedType several -> several(several);
                default -> throw unknown(type);
            };
            known.put(type, found);
        }
        return found;
    }

    private Form<?> plain(Class<?> type) {
        if (type == String.class) {
            return TEXT;
        } else if (type == int.class || type == Integer.class) {
            return INTEGER;
        } else if (type == long.class || type == Long.class) {
            return LONG;
        } else if (type == boolean.class || type == Boolean.class) {
            return TRUTH;
        } else if (type == double.class || type == Double.class) {
            return FRACTION;
        } else if (type == Instant.class) {
            return TIME;
        } else if (type.isEnum()) {
            return enumeration(type);
        } else if (type.isRecord()) {
            return record(type);
        }
        return more.find(type).orElseThrow(() -> unknown(type));
    }

    private static IllegalArgumentException unknown(Type type) {
        return new IllegalArgumentException("there is no form to store a " + type.getTypeName() + " in");
    }

    private static Form<Enum<?>> enumeration(Class<?> type) {
        var constants = new TreeMap<String, Enum<?>>();
        for (Object constant : type.getEnumConstants()) {
            constants.put(((Enum<?>) constant).name(), (Enum<?>) constant);
        }
        return form((constant, out) -> out.text(constant.name()), in -> {
            String name = in.text();
            return Optional.<Enum<?>>ofNullable(constants.get(name)).orElseThrow(() ->
                    new IllegalArgumentException(type.getName() + " has no constant " + name));
        });
    }

    /** The forms of all components are looked for at once: what cannot be stored is refused before there is one. */
    private <T> Form<T> record(Class<T> type) {
        RecordComponent[] components = type.getRecordComponents();
        Form<?>[] forms = Arrays.stream(components).map(each -> of(each.getGenericType())).toArray(Form<?>[]::new);
        return new GroupForm<>(Arrays.stream(components).map(RecordComponent::getName).toList(),
                member -> forms[member], new RecordMembers<>(type));
    }

    private Form<?> several(ParameterizedType type) {
        Class<?> raw = (Class<?>) type.getRawType();
        Type[] arguments = type.getActualTypeArguments();
        if (raw == List.class) {
            return list(of(arguments[0]));
        } else if (raw == SortedSet.class) {
            return sortedSet(of(arguments[0]));
        } else if ((raw == Map.class || raw == SortedMap.class) && arguments[0] == String.class) {
            return raw == Map.class ? map(of(arguments[1])) : sortedMap(of(arguments[1]));
        }
        throw unknown(type);
    }

    // ---- what other forms are made of ----

    /** The form of what is read as it is written. */
    public static <T> Form<T> form(BiConsumer<T, RowWriter> writing, Function<RowReader, T> reading) {
        return new Form<>() {
            @Override
            public void write(T value, RowWriter out) {
                writing.accept(value, out);
            }

            @Override
            public T read(RowReader in) {
                return reading.apply(in);
            }
        };
    }

    /** Unmodifiable lists. */
    public static <T> Form<List<T>> list(Form<T> element) {
        return form((list, out) -> elements(list, element, out),
                in -> {
                    int count = in.list();
                    return Collections.unmodifiableList(readInto(new ArrayList<>(count), count, element, in));
                });
    }

    /** Unmodifiable sets. */
    private static <T> Form<SortedSet<T>> sortedSet(Form<T> element) {
        return form((set, out) -> elements(set, element, out),
                in -> Collections.unmodifiableSortedSet(readInto(new TreeSet<>(), in.list(), element, in)));
    }

    private static <T> void elements(Collection<T> values, Form<T> element, RowWriter out) {
        out.list(values.size());
        for (T value : values) {
            if (value == null) {
                out.nothing();
            } else {
                element.write(value, out);
            }
        }
    }

    private static <T, C extends Collection<T>> C readInto(C values, int count, Form<T> element, RowReader in) {
        for (int i = 0; i < count; i++) {
            values.add(in.nothing() ? null : element.read(in));
        }
        return values;
    }

    /** Unmodifiable maps, in their order. */
    public static <T> Form<Map<String, T>> map(Form<T> value) {
        return form((map, out) -> pairs(map.entrySet(), value, out),
                in -> Collections.unmodifiableMap(readInto(new LinkedHashMap<>(), value, in)));
    }

    private static <T> Form<SortedMap<String, T>> sortedMap(Form<T> value) {
        return form((map, out) -> pairs(map.entrySet(), value, out),
                in -> Collections.unmodifiableSortedMap(readInto(new TreeMap<>(), value, in)));
    }

    private static <T> void pairs(Set<Map.Entry<String, T>> entries, Form<T> value, RowWriter out) {
        out.map(entries.size());
        for (Map.Entry<String, T> entry : entries) {
            out.text(entry.getKey());
            if (entry.getValue() == null) {
                out.nothing();
            } else {
                value.write(entry.getValue(), out);
            }
        }
    }

    private static <T, M extends Map<String, T>> M readInto(M values, Form<T> value, RowReader in) {
        int count = in.map();
        for (int i = 0; i < count; i++) {
            String key = in.text();
            values.put(key, in.nothing() ? null : value.read(in));
        }
        return values;
    }
}
