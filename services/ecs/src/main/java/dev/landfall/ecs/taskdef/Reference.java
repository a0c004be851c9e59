package dev.landfall.ecs.taskdef;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.Scope;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** What a caller calls a task definition: a family, a family with a revision, or an ARN of either. */
record Reference(Scope scope, String family, OptionalInt revision) {
    private static final String ARN_PREFIX = "task-definition/";
    private static final Pattern REVISION = Pattern.compile("[1-9][0-9]{0,8}");

    /** Reads what the caller sent, which may be null. */
    static Reference parse(Scope scope, String text) {
        if (text == null || text.isBlank()) {
            throw EcsErrors.client("TaskDefinition can not be blank.");
        }
        if (!text.startsWith("arn:")) {
            return parseName(scope, text);
        }
        String[] parts = text.split(":", 6);
        if (parts.length < 6 || !parts[2].equals("ecs") || !parts[5].startsWith(ARN_PREFIX)) {
            throw EcsErrors.invalidParameter("Invalid identifier: Identifier is not for a task definition: " + text);
        }
        return parseName(Scope.of(text), parts[5].substring(ARN_PREFIX.length()));
    }

    private static Reference parseName(Scope scope, String name) {
        int colon = name.lastIndexOf(':');
        String family = colon < 0 ? name : name.substring(0, colon);
        if (!TaskRules.NAME.matcher(family).matches()) {
            throw EcsErrors.client("Family contains invalid characters.");
        }
        if (colon < 0) {
            return new Reference(scope, family, OptionalInt.empty());
        }
        String revision = name.substring(colon + 1);
        if (!REVISION.matcher(revision).matches()) {
            throw EcsErrors.client("Invalid revision number. Number: " + revision);
        }
        return new Reference(scope, family, OptionalInt.of(Integer.parseInt(revision)));
    }

    /** For the actions that must not guess which revision was meant. */
    Reference requireRevision() {
        if (revision.isEmpty()) {
            throw EcsErrors.client("Revision is missing.");
        }
        return this;
    }

    String arn() {
        return scope.arn(ARN_PREFIX + family + (revision.isEmpty() ? "" : ":" + revision.getAsInt()));
    }

    static String arn(Scope scope, String family, int revision) {
        return scope.arn(ARN_PREFIX + family + ':' + revision);
    }
}
