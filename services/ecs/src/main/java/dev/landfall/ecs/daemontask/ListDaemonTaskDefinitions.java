package dev.landfall.ecs.daemontask;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Page;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.taskdef.FamilyRow;
import dev.landfall.state.Image;
import java.util.TreeSet;
import software.amazon.awssdk.services.ecs.model.DaemonTaskDefinition;
import software.amazon.awssdk.services.ecs.model.DaemonTaskDefinitionRevisionFilter;
import software.amazon.awssdk.services.ecs.model.DaemonTaskDefinitionStatus;
import software.amazon.awssdk.services.ecs.model.DaemonTaskDefinitionSummary;
import software.amazon.awssdk.services.ecs.model.ListDaemonTaskDefinitionsRequest;
import software.amazon.awssdk.services.ecs.model.ListDaemonTaskDefinitionsResponse;
import software.amazon.awssdk.services.ecs.model.SortOrder;

/** Lists revisions of daemon task definitions by family, then by number; ACTIVE ones where no status is asked for. */
public final class ListDaemonTaskDefinitions {
    private static final int PAGE_MAX = 100;

    private ListDaemonTaskDefinitions() {}

    public static ListDaemonTaskDefinitionsResponse read(
            Image image, ListDaemonTaskDefinitionsRequest request, Scope scope) {
        if (request.family() != null && request.familyPrefix() != null) {
            throw EcsErrors.invalidParameter("Cannot specify both family and familyPrefix.");
        }
        String prefix = EcsTables.scopeKey(scope) + '/'
                + (request.familyPrefix() == null ? "" : request.familyPrefix());
        var keys = new TreeSet<String>();
        for (DaemonTaskDefinitionStatus status : DaemonTaskDefinitionStatus.knownValues()) {
            String asked = request.statusAsString() == null ? "ACTIVE" : request.statusAsString();
            if (asked.equals("ALL") || asked.equals(status.toString())) {
                keys.addAll(image.keys(EcsTables.DAEMON_TASK_DEFINITIONS, EcsTables.DAEMON_REVISIONS_BY_STATUS,
                        EcsTables.scopeKey(scope) + '|' + status));
            }
        }
        keys.removeIf(key -> !key.startsWith(prefix) || !passes(image, key, request, scope));
        String listing = "ListDaemonTaskDefinitions " + EcsTables.scopeKey(scope);
        Page page = request.sort() == SortOrder.DESC
                ? Page.descending(listing, keys, key -> true, request.nextToken(), request.maxResults(), PAGE_MAX)
                : Page.of(listing, keys, key -> true, request.nextToken(), request.maxResults(), PAGE_MAX);
        return ListDaemonTaskDefinitionsResponse.builder()
                .daemonTaskDefinitions(page.keys().stream().map(key -> summary(image, key)).toList())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    private static boolean passes(Image image, String key, ListDaemonTaskDefinitionsRequest request, Scope scope) {
        DaemonTaskDefinition definition = row(image, key);
        boolean last = image.get(EcsTables.DAEMON_FAMILIES, EcsTables.familyKey(scope, definition.family()))
                .map(FamilyRow::lastRevision).filter(definition.revision()::equals).isPresent();
        return (request.family() == null || request.family().equals(definition.family()))
                && (request.revision() != DaemonTaskDefinitionRevisionFilter.LAST_REGISTERED || last);
    }

    private static DaemonTaskDefinitionSummary summary(Image image, String key) {
        DaemonTaskDefinition definition = row(image, key);
        return DaemonTaskDefinitionSummary.builder()
                .arn(definition.daemonTaskDefinitionArn())
                .status(definition.status())
                .registeredAt(definition.registeredAt())
                .registeredBy(definition.registeredBy())
                .deleteRequestedAt(definition.deleteRequestedAt())
                .build();
    }

    private static DaemonTaskDefinition row(Image image, String key) {
        return image.get(EcsTables.DAEMON_TASK_DEFINITIONS, key).orElseThrow().definition();
    }
}
