package dev.landfall.sim;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Table;
import dev.landfall.state.Write;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.Task;

/** What is done to the writes of decisions, for tests that plant bugs. */
final class Sabotage {
    private Sabotage() {}

    /** Rows of one type changed on their way to the store. */
    static <R> UnaryOperator<List<Write<?>>> rows(Class<R> type, Function<Write.Put<R>, Stream<Write<?>>> to) {
        return writes -> writes.stream().flatMap(write -> write instanceof Write.Put<?> put
                && type.isInstance(put.row()) ? to.apply(cast(put)) : Stream.<Write<?>>of(write)).toList();
    }

    @SuppressWarnings("unchecked") // the row was looked at
    private static <R> Write.Put<R> cast(Write.Put<?> put) {
        return (Write.Put<R>) put;
    }

    static Stream<Write<?>> task(TaskRow row, UnaryOperator<Task.Builder> change) {
        return Stream.of(Write.put(EcsTables.TASKS, row.with(change.apply(row.task().toBuilder()).build())));
    }

    /** The row with other components, so that it does not matter here what else is in it. */
    static <R> Write<R> changed(Table<R> table, R row, Map<String, Object> changes) {
        RecordComponent[] components = table.rowType().getRecordComponents();
        try {
            var values = new Object[components.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = changes.containsKey(components[i].getName())
                        ? changes.get(components[i].getName()) : components[i].getAccessor().invoke(row);
            }
            Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return Write.put(table, table.rowType().getDeclaredConstructor(types).newInstance(values));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
