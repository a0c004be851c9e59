package dev.landfall.ecs.conformance;

import static dev.landfall.ecs.conformance.Row.refuses;
import static dev.landfall.ecs.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;

/** The suite itself: a row that is not true must fail. */
class RowTest {
    private static final AtomicInteger CALLS = new AtomicInteger();

    static Stream<Arguments> untrue() {
        return Row.arguments(List.of(
                works("ListClusters", "a check that fails", on -> on.ecs().listClusters(request -> { }),
                        answer -> assertThat(answer.clusterArns()).isEmpty()),
                works("ListClusters", "another action than it says", on -> on.ecs().describeClusters(request -> { }),
                        answer -> { }),
                works("UpdateCluster", "a refusal where an answer is expected",
                        on -> on.ecs().updateCluster(request -> request.cluster("other")), answer -> { }),
                refuses("ListClusters", "an answer where a refusal is expected", ClientException.class, "x",
                        on -> on.ecs().listClusters(request -> { })),
                refuses("UpdateCluster", "another message", ClusterNotFoundException.class, "Cluster missing.",
                        on -> on.ecs().updateCluster(request -> request.cluster("other"))),
                refuses("UpdateCluster", "another error", ClientException.class, "Cluster not found.",
                        on -> on.ecs().updateCluster(request -> request.cluster("other"))),
                works("ListClusters", "another answer each time", on -> {
                    on.cluster("c" + CALLS.incrementAndGet());
                    return on.ecs().listClusters(request -> { });
                }, answer -> { })));
    }

    @ParameterizedTest
    @MethodSource("untrue")
    void anUntrueRowFails(Row row) {
        assertThatThrownBy(row::holds).isInstanceOf(AssertionError.class);
    }

    @Test
    void variantsReachWhatTheRequestLeavesOut() {
        var variants = new Mutations(builder -> { throw new AssertionError("nothing is nested here"); })
                .of(ListClustersRequest.builder().build());
        assertThat(variants).extracting(Mutations.Variant::path).containsOnly("nextToken", "maxResults");
        assertThat(variants).anyMatch(variant -> ((ListClustersRequest) variant.request()).maxResults() != null
                && ((ListClustersRequest) variant.request()).maxResults() == Integer.MAX_VALUE);
    }
}
