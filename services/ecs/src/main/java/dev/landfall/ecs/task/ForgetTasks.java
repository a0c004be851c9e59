package dev.landfall.ecs.task;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.daemontask.DaemonTaskDefinitionRow;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.Duration;

/**
 * Removes what only time ends: stopped tasks and deleted daemon task definitions after an hour, client tokens a day
 * after their use, protections that have ended.
 */
public final class ForgetTasks {
    /** "Stopped tasks appear in the returned results for at least one hour" (ECS API Reference, DescribeTasks). */
    private static final Duration STOPPED_LIFE = Duration.ofHours(1);

    /** Bounds one decision; the rest goes with the next pass. */
    private static final int BATCH_MAX = 1_000;

    private ForgetTasks() {}

    /** Replies with how many tasks were removed. */
    public static Decision<Integer> decide(Image image, Context context) {
        var draft = new Draft(image);
        String until = EcsTables.second(context.now().minus(STOPPED_LIFE).getEpochSecond());
        var due = image.values(EcsTables.TASKS, EcsTables.TASKS_BY_STOP, "", until).values().stream()
                .flatMap(keys -> keys.stream()).limit(BATCH_MAX).toList();
        due.forEach(arn -> draft.delete(EcsTables.TASKS, arn));
        image.all(EcsTables.TOKENS).stream()
                .filter(token -> token.usedAt().plus(TokenRow.LIFE).isBefore(context.now()))
                .limit(BATCH_MAX)
                .forEach(token -> draft.delete(EcsTables.TOKENS, token.key()));
        image.find(EcsTables.DAEMON_TASK_DEFINITIONS, EcsTables.DAEMON_REVISIONS_DELETING, EcsTables.DELETING).stream()
                .map(DaemonTaskDefinitionRow::definition)
                .filter(row -> row.deleteRequestedAt().plus(STOPPED_LIFE).isBefore(context.now()))
                .limit(BATCH_MAX)
                .forEach(row -> draft.delete(EcsTables.DAEMON_TASK_DEFINITIONS, EcsTables.revisionKey(
                        Scope.of(row.daemonTaskDefinitionArn()), row.family(), row.revision())));
        image.all(EcsTables.PROTECTIONS).stream()
                .filter(protection -> !protection.holds(context.now()))
                .limit(BATCH_MAX)
                .forEach(protection -> draft.delete(EcsTables.PROTECTIONS, protection.taskArn()));
        return draft.reply(due.size());
    }
}
