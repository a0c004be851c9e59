package dev.landfall.ecs.taskdef;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Page;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionFamiliesRequest;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionFamiliesResponse;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionFamilyStatus;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/** Lists families: ACTIVE are those with an ACTIVE revision, INACTIVE those that have only others. */
public final class ListTaskDefinitionFamilies {
    private static final int PAGE_MAX = 100;

    private ListTaskDefinitionFamilies() {}

    public static ListTaskDefinitionFamiliesResponse read(
            Image image, ListTaskDefinitionFamiliesRequest request, Scope scope) {
        TaskDefinitionFamilyStatus status =
                request.status() == null ? TaskDefinitionFamilyStatus.ACTIVE : request.status();
        if (status == TaskDefinitionFamilyStatus.UNKNOWN_TO_SDK_VERSION) {
            throw EcsErrors.invalidParameter("Invalid status. The valid values are: ACTIVE, INACTIVE, ALL");
        }
        String prefix = EcsTables.familyKey(scope, request.familyPrefix() == null ? "" : request.familyPrefix());
        var families = image.keys(EcsTables.FAMILIES, EcsTables.FAMILIES_BY_SCOPE, EcsTables.scopeKey(scope))
                .subSet(prefix, prefix + Character.MAX_VALUE);
        int start = EcsTables.familyKey(scope, "").length();
        Page page = Page.of("ListTaskDefinitionFamilies " + prefix, families,
                key -> has(image, scope, key.substring(start), status),
                request.nextToken(), request.maxResults(), PAGE_MAX);
        return ListTaskDefinitionFamiliesResponse.builder()
                .families(page.keys().stream().map(key -> key.substring(start)).toList())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    private static boolean has(Image image, Scope scope, String family, TaskDefinitionFamilyStatus status) {
        boolean active = has(image, scope, family, TaskDefinitionStatus.ACTIVE);
        boolean others = !active && (has(image, scope, family, TaskDefinitionStatus.INACTIVE)
                || has(image, scope, family, TaskDefinitionStatus.DELETE_IN_PROGRESS));
        return switch (status) {
            case ACTIVE -> active;
            case INACTIVE -> others;
            case ALL -> active || others;
            case UNKNOWN_TO_SDK_VERSION -> false;
        };
    }

    private static boolean has(Image image, Scope scope, String family, TaskDefinitionStatus status) {
        return !TaskDefinitions.revisions(image, scope, family, status).isEmpty();
    }
}
