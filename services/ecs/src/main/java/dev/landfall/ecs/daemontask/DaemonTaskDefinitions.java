package dev.landfall.ecs.daemontask;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Image;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ecs.model.DaemonTaskDefinitionStatus;

/** Looks daemon task definitions up by what a caller calls them: a family, a family with a revision, or an ARN. */
public final class DaemonTaskDefinitions {
    private static final String ARN_PREFIX = "daemon-task-definition/";
    private static final Pattern NAME = Pattern.compile("([a-zA-Z0-9_-]{1,255})(?::([1-9][0-9]{0,8}))?");

    private DaemonTaskDefinitions() {}

    static String arn(Scope scope, String family, int revision) {
        return scope.arn(ARN_PREFIX + family + ':' + revision);
    }

    /**
     * The revision in whatever status; of a family alone its latest ACTIVE one.
     *
     * @param name what the caller sent, or null
     */
    static Optional<DaemonTaskDefinitionRow> find(Image image, Scope scope, String name) {
        return find(image, scope, name(scope, name));
    }

    private static Optional<DaemonTaskDefinitionRow> find(Image image, Scope scope, Matcher name) {
        String family = name.group(1);
        if (name.group(2) != null) {
            return image.get(EcsTables.DAEMON_TASK_DEFINITIONS,
                    EcsTables.revisionKey(scope, family, Integer.parseInt(name.group(2))));
        }
        var active = image.keys(EcsTables.DAEMON_TASK_DEFINITIONS, EcsTables.DAEMON_REVISIONS_BY_STATUS,
                EcsTables.scopeKey(scope) + '|' + DaemonTaskDefinitionStatus.ACTIVE);
        var ofFamily = active.subSet(EcsTables.revisionKey(scope, family, 0),
                EcsTables.revisionKey(scope, family, Integer.MAX_VALUE) + '\0');
        return ofFamily.isEmpty()
                ? Optional.empty() : image.get(EcsTables.DAEMON_TASK_DEFINITIONS, ofFamily.last());
    }

    /** As {@link #find}, for a caller who must say which revision is meant. */
    static DaemonTaskDefinitionRow requireRevision(Image image, Scope scope, String given) {
        Matcher name = name(scope, given);
        if (name.group(2) == null) {
            throw EcsErrors.client("Revision is missing.");
        }
        return find(image, scope, name).orElseThrow(DaemonTaskDefinitions::notFound);
    }

    /** The revision of exactly this ARN. */
    public static Optional<DaemonTaskDefinitionRow> byArn(Image image, String arn) {
        return find(image, Scope.of(arn), arn).filter(row -> row.arn().equals(arn));
    }

    static RuntimeException notFound() {
        return EcsErrors.client("Daemon task definition not found.");
    }

    private static Matcher name(Scope scope, String given) {
        if (given == null || given.isBlank()) {
            throw EcsErrors.client("DaemonTaskDefinition can not be blank.");
        }
        String name = given;
        if (given.startsWith("arn:")) {
            String[] parts = given.split(":", 6);
            if (parts.length < 6 || !parts[2].equals("ecs") || !parts[5].startsWith(ARN_PREFIX)) {
                throw EcsErrors.invalidParameter(
                        "Invalid identifier: Identifier is not for a daemon task definition: " + given);
            }
            if (!Scope.of(given).equals(scope)) {
                throw notFound();
            }
            name = parts[5].substring(ARN_PREFIX.length());
        }
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            throw EcsErrors.client("Invalid daemon task definition name: " + given);
        }
        return matcher;
    }
}
