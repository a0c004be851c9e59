package dev.landfall.ecs.event;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.shift.ShiftRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Commit;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/** What there is to tell of marked resources. */
final class Tellings {
    private Tellings() {}

    /** A mark and the events it stands for, in their order. */
    record Telling(UnsentRow mark, List<EcsEvent> events) {}

    /** Whether there may be anything to tell. */
    static boolean any(Commit commit) {
        return commit.writes().stream()
                .anyMatch(write -> write instanceof Write.Put && write.table() == EcsTables.UNSENT);
    }

    /** Every change of a commit, in the order they were decided in: a mark stands behind the rows of its decision. */
    static List<Telling> of(Commit commit) {
        var tellings = new ArrayList<Telling>();
        var told = new TreeMap<String, Object>();
        var newest = new TreeMap<String, Object>();
        for (Write<?> write : commit.writes()) {
            if (!(write instanceof Write.Put<?>(var table, var row))) {
                continue;
            }
            if (row instanceof UnsentRow mark) {
                Object after = newest.get(mark.arn());
                Optional<Object> before = Optional.ofNullable(told.put(mark.arn(), after));
                tellings.add(new Telling(mark, events(commit, before, after, mark)));
            } else if (row instanceof ShiftRow shift) {
                newest.put(shift.deploymentArn(), shift);
            } else if (table == EcsTables.TASKS || table == EcsTables.SERVICES || table == EcsTables.INSTANCES) {
                newest.put(write.key(), row);
            }
        }
        return tellings;
    }

    private static List<EcsEvent> events(Commit commit, Optional<Object> before, Object after, UnsentRow mark) {
        return switch (after) {
            case TaskRow row -> List.of(TaskEvents.of(row, mark.changedAt()));
            case InstanceRow row -> List.of(InstanceEvents.of(commit.after(), row, mark.changedAt()));
            case ServiceRow row -> ServiceEvents.between(
                    before.map(ServiceRow.class::cast).or(() -> commit.before().get(EcsTables.SERVICES, row.arn())),
                    row, mark.changedAt());
            case ShiftRow row -> HookEvents.between(
                    before.map(ShiftRow.class::cast).or(() ->
                            commit.before().get(EcsTables.SHIFTS, row.serviceArn())),
                    row, mark.changedAt());
            default -> throw new IllegalStateException("a mark without its row: " + mark);
        };
    }

    /** The newest state of up to {@code max} marked resources behind an ARN; services tell all since the mark. */
    static List<Telling> of(Image image, String after, int max) {
        SequencedMap<String, UnsentRow> rest = image.after(EcsTables.UNSENT, after);
        return rest.values().stream().limit(max)
                .map(mark -> new Telling(mark, newest(image, mark)))
                .toList();
    }

    /** Nothing of what is gone by now. */
    private static List<EcsEvent> newest(Image image, UnsentRow mark) {
        Optional<List<EcsEvent>> task = image.get(EcsTables.TASKS, mark.arn())
                .map(row -> List.of(TaskEvents.of(row, mark.changedAt())));
        Optional<List<EcsEvent>> instance = image.get(EcsTables.INSTANCES, mark.arn())
                .map(row -> List.of(InstanceEvents.of(image, row, mark.changedAt())));
        Optional<List<EcsEvent>> service = image.get(EcsTables.SERVICES, mark.arn())
                .map(row -> ServiceEvents.since(row, mark.since(), mark.changedAt()));
        Optional<List<EcsEvent>> shift = image.get(EcsTables.SHIFTS, HookEvents.serviceArn(mark.arn()))
                .filter(row -> row.deploymentArn().equals(mark.arn()))
                .map(row -> HookEvents.newest(row, mark.changedAt()));
        return task.or(() -> instance).or(() -> service).or(() -> shift).orElse(List.of());
    }
}
