package dev.landfall.state.row;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The form of what has named members: those that are there are stored with their names, so that members may come, go
 * and change places from version to version. A member that is not there, or is not known any more, is left out.
 */
public final class GroupForm<T> implements Form<T> {
    private static final int MEMBERS_MAX = 2 * Long.SIZE;

    private final Members<T> members;
    private final List<String> names;
    private final Map<String, Integer> numbers = new HashMap<>(); // only looked up in
    private final IntFunction<Form<?>> formOf;

    /** Filled as members are met, as types may contain themselves. A race finds the same forms. */
    private final Form<?>[] forms;

    /** How members are taken out of a value, and how a value is made of members. */
    public interface Members<T> {
        /** The member's value, or null. */
        Object get(T value, int member);

        /** What takes the members of a new value. */
        Object begin();

        void set(Object begun, int member, Object value);

        T end(Object begun);
    }

    /**
     * @param names of the members, each once; more than {@value #MEMBERS_MAX} are refused
     * @param formOf the form of a member's values
     */
    public GroupForm(List<String> names, IntFunction<Form<?>> formOf, Members<T> members) {
        if (names.size() > MEMBERS_MAX) {
            throw new IllegalArgumentException(names.size() + " members are too many");
        }
        this.names = List.copyOf(names);
        this.formOf = formOf;
        this.members = members;
        this.forms = new Form<?>[names.size()];
        for (int i = 0; i < names.size(); i++) {
            if (numbers.put(names.get(i), i) != null) {
                throw new IllegalArgumentException("two members are named " + names.get(i));
            }
        }
    }

    @SuppressWarnings("unchecked") // a member's form takes what the member holds
    private Form<Object> form(int member) {
        Form<?> known = forms[member];
        if (known == null) {
            known = formOf.apply(member);
            forms[member] = known;
        }
        return (Form<Object>) known;
    }

    @Override
    public void write(T value, RowWriter out) {
        var values = new Object[forms.length];
        long first = 0;
        long second = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = members.get(value, i);
            if (values[i] != null) {
                if (i < Long.SIZE) {
                    first |= 1L << i;
                } else {
                    second |= 1L << i;
                }
            }
        }
        out.group(this, first, second, names::get);
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
                form(i).write(values[i], out);
            }
        }
    }

    @Override
    public T read(RowReader in) {
        Object begun = members.begin();
        for (int member : in.group(this, name -> numbers.getOrDefault(name, -1))) {
            if (member < 0) {
                in.skip();
            } else {
                members.set(begun, member, form(member).read(in));
            }
        }
        return members.end(begun);
    }
}
