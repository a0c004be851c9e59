package dev.landfall.ecs.shift;

import dev.landfall.ecs.EcsTables;
import dev.landfall.state.Commit;
import dev.landfall.state.Decisions;
import dev.landfall.state.Write;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What has the targets of lifecycle hooks called, without threads and timers. A hook is known by its service's ARN and
 * its id, {@code arn|id}. A target that was called by a control plane that then died is called again, by the same
 * {@code executionId}.
 */
public final class HookLooks {
    private final Decisions decisions;
    private final HookCaller caller;

    public HookLooks(Decisions decisions, HookCaller caller) {
        this.decisions = decisions;
        this.caller = caller;
    }

    /** The hooks to look at after a commit. */
    public Set<String> concerned(Commit commit) {
        var concerned = new LinkedHashSet<String>();
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var table, ShiftRow row)) {
                concerned.addAll(keys(row));
            }
        }
        return concerned;
    }

    /** All hooks whose targets are being called. */
    public List<String> all() {
        return decisions.image().all(EcsTables.SHIFTS).stream().flatMap(row -> keys(row).stream()).toList();
    }

    private static List<String> keys(ShiftRow row) {
        return row.called().stream().map(id -> row.serviceArn() + '|' + id).toList();
    }

    /** Calls the hook's target if it is time; when to look again, where only time will tell. */
    public Optional<Duration> look(String key) {
        int at = key.lastIndexOf('|');
        String serviceArn = key.substring(0, at);
        String hookId = key.substring(at + 1);
        var due = decisions.submit((image, context) -> DueHook.decide(image, serviceArn, hookId, context));
        due.call().ifPresent(call -> {
            HookAnswer answer = caller.call(call.url(), call.payload());
            decisions.submit((image, context) -> ObserveHook.decide(image, serviceArn, hookId, answer, context));
        });
        return due.again();
    }
}
