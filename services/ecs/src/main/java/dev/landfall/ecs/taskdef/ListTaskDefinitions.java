package dev.landfall.ecs.taskdef;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Page;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Image;
import java.util.SortedSet;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionsRequest;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionsResponse;
import software.amazon.awssdk.services.ecs.model.SortOrder;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/** Lists revisions by family, then by number; ACTIVE ones where no status is asked for. */
public final class ListTaskDefinitions {
    private static final int PAGE_MAX = 100;

    private ListTaskDefinitions() {}

    public static ListTaskDefinitionsResponse read(Image image, ListTaskDefinitionsRequest request, Scope scope) {
        TaskDefinitionStatus status = request.status() == null ? TaskDefinitionStatus.ACTIVE : request.status();
        if (status == TaskDefinitionStatus.UNKNOWN_TO_SDK_VERSION) {
            throw EcsErrors.invalidParameter(
                    "Invalid status. The valid values are: ACTIVE, INACTIVE, DELETE_IN_PROGRESS");
        }
        if (request.sort() == SortOrder.UNKNOWN_TO_SDK_VERSION) {
            throw EcsErrors.invalidParameter("Invalid sort. The valid values are: ASC, DESC");
        }
        SortedSet<String> keys = request.familyPrefix() == null
                ? TaskDefinitions.revisions(image, scope, status)
                : TaskDefinitions.revisions(image, scope, request.familyPrefix(), status);
        String listing = "ListTaskDefinitions " + EcsTables.scopeKey(scope) + ' ' + request.familyPrefix();
        Page page = request.sort() == SortOrder.DESC
                ? Page.descending(listing, keys, key -> true, request.nextToken(), request.maxResults(), PAGE_MAX)
                : Page.of(listing, keys, key -> true, request.nextToken(), request.maxResults(), PAGE_MAX);
        return ListTaskDefinitionsResponse.builder()
                .taskDefinitionArns(page.keys().stream()
                        .map(key -> image.get(EcsTables.TASK_DEFINITIONS, key).orElseThrow().arn()).toList())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }
}
