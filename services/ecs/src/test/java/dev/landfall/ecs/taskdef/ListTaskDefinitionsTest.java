package dev.landfall.ecs.taskdef;

import static dev.landfall.ecs.taskdef.Registration.SCOPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionFamiliesRequest;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionsRequest;
import software.amazon.awssdk.services.ecs.model.SortOrder;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionFamilyStatus;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

class ListTaskDefinitionsTest {
    private final Registration registration = new Registration();

    @Test
    void revisionsAreInTheOrderOfNumbersAndFamiliesInThatOfNames() {
        for (String family : List.of("web", "web-app", "web2", "We_b")) {
            registration.register(family);
        }
        for (int i = 0; i < 10; i++) {
            registration.register("web");
        }
        assertThat(list(request -> { })).containsExactly("We_b:1", "web:1", "web:2", "web:3", "web:4", "web:5", "web:6",
                "web:7", "web:8", "web:9", "web:10", "web:11", "web-app:1", "web2:1");
        assertThat(list(request -> request.sort(SortOrder.DESC).familyPrefix("web"))).containsExactly("web:11",
                "web:10", "web:9", "web:8", "web:7", "web:6", "web:5", "web:4", "web:3", "web:2", "web:1");
        assertThat(list(request -> request.familyPrefix("we"))).isEmpty();
    }

    @Test
    void eachStatusHasItsOwnList() {
        registration.register("web");
        registration.register("web");
        registration.deregister("web:1");

        assertThat(list(request -> { })).containsExactly("web:2");
        assertThat(list(request -> request.status(TaskDefinitionStatus.INACTIVE))).containsExactly("web:1");
        assertThat(list(request -> request.status(TaskDefinitionStatus.DELETE_IN_PROGRESS))).isEmpty();
    }

    @Test
    void pagesWalkAllRevisionsOnce() {
        var expected = new ArrayList<String>();
        for (int i = 1; i <= 25; i++) {
            registration.register("web");
            expected.add("web:" + i);
        }
        registration.register("zebra");
        assertThat(walk(request -> request.familyPrefix("web"))).isEqualTo(expected);
        assertThat(walk(request -> request.familyPrefix("web").sort(SortOrder.DESC))).isEqualTo(expected.reversed());
        expected.add("zebra:1");
        assertThat(walk(request -> { })).isEqualTo(expected);
    }

    @Test
    void aTokenOfAnotherListIsRefused() {
        registration.register("a");
        registration.register("a");
        registration.register("b");
        String token = ListTaskDefinitions.read(registration.image(), ListTaskDefinitionsRequest.builder()
                .maxResults(1).build(), SCOPE).nextToken();

        for (Consumer<ListTaskDefinitionsRequest.Builder> other : List.<Consumer<ListTaskDefinitionsRequest.Builder>>of(
                request -> request.familyPrefix("b"), request -> request.sort(SortOrder.DESC))) {
            assertThatThrownBy(() -> list(other.andThen(request -> request.nextToken(token))))
                    .isInstanceOf(InvalidParameterException.class);
        }
    }

    @Test
    void whatIsOutOfBoundsIsRefused() {
        for (Consumer<ListTaskDefinitionsRequest.Builder> change :
                List.<Consumer<ListTaskDefinitionsRequest.Builder>>of(
                        request -> request.maxResults(0),
                        request -> request.maxResults(101),
                        request -> request.nextToken("x"),
                        request -> request.sort("RANDOM"),
                        request -> request.status("GONE"))) {
            assertThatThrownBy(() -> list(change)).isInstanceOf(InvalidParameterException.class);
        }
    }

    @Test
    void familiesAreListedByPrefixAndStatus() {
        for (String family : List.of("api", "web", "web-app", "worker")) {
            registration.register(family);
        }
        registration.deregister("web:1");

        assertThat(families(request -> { })).containsExactly("api", "web-app", "worker");
        assertThat(families(request -> request.familyPrefix("w"))).containsExactly("web-app", "worker");
        assertThat(families(request -> request.familyPrefix("web").status(TaskDefinitionFamilyStatus.ALL)))
                .containsExactly("web", "web-app");
        assertThat(families(request -> request.status(TaskDefinitionFamilyStatus.INACTIVE))).containsExactly("web");
        registration.register("web");
        assertThat(families(request -> request.status(TaskDefinitionFamilyStatus.INACTIVE))).isEmpty();
        assertThatThrownBy(() -> families(request -> request.status("GONE")))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void pagesWalkAllFamiliesOnce() {
        var expected = new ArrayList<String>();
        for (char name = 'a'; name <= 'z'; name++) {
            registration.register("f" + name);
            expected.add("f" + name);
        }
        var seen = new ArrayList<String>();
        String token = null;
        do {
            var page = ListTaskDefinitionFamilies.read(registration.image(), ListTaskDefinitionFamiliesRequest.builder()
                    .familyPrefix("f").maxResults(4).nextToken(token).build(), SCOPE);
            seen.addAll(page.families());
            token = page.nextToken();
        } while (token != null);
        assertThat(seen).isEqualTo(expected);
    }

    private List<String> walk(Consumer<ListTaskDefinitionsRequest.Builder> change) {
        var seen = new ArrayList<String>();
        String token = null;
        do {
            var request = ListTaskDefinitionsRequest.builder().maxResults(4).nextToken(token);
            change.accept(request);
            var page = ListTaskDefinitions.read(registration.image(), request.build(), SCOPE);
            page.taskDefinitionArns().forEach(arn -> seen.add(name(arn)));
            token = page.nextToken();
        } while (token != null);
        return seen;
    }

    private List<String> list(Consumer<ListTaskDefinitionsRequest.Builder> change) {
        var request = ListTaskDefinitionsRequest.builder();
        change.accept(request);
        return ListTaskDefinitions.read(registration.image(), request.build(), SCOPE).taskDefinitionArns().stream()
                .map(ListTaskDefinitionsTest::name).toList();
    }

    private List<String> families(Consumer<ListTaskDefinitionFamiliesRequest.Builder> change) {
        var request = ListTaskDefinitionFamiliesRequest.builder();
        change.accept(request);
        return ListTaskDefinitionFamilies.read(registration.image(), request.build(), SCOPE).families();
    }

    private static String name(String arn) {
        return arn.substring(arn.indexOf('/') + 1);
    }
}
