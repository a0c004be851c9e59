package dev.landfall.ecs.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.Ecs;
import dev.landfall.ecs.World;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.EcsRequest;
import software.amazon.awssdk.services.ecs.model.DaemonContainerDefinition;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.SettingName;

/** The actions that answer in pages, each over the same walk. */
class PagingConformanceTest {
    /** One page: what is on it, and the token of the next, or null. */
    private record Listed(List<String> items, String next) {}

    @FunctionalInterface
    private interface Lister {
        /** Either of the last two may be null, and then is not sent. */
        Listed list(EcsClient ecs, Integer maxResults, String nextToken);
    }

    /**
     * One action that lists.
     *
     * @param make makes the numbered one of what is listed
     * @param usual how many are on a page where the caller does not say
     * @param most how many the caller may ask for
     * @param atOnce how many there are before any is made, or can be at most where {@code usual} cannot be reached
     */
    private record Paged(String operation, int usual, int most, int atOnce, Consumer<Stage> first,
            Numbered make, Lister lister) {}

    @FunctionalInterface
    private interface Numbered {
        void make(Stage on, int number);
    }

    private static final List<Paged> ALL = List.of(
            new Paged("ListClusters", 100, 100, 1, on -> { }, (on, i) -> on.cluster("c" + i), (ecs, max, token) -> {
                var page = ecs.listClusters(request -> request.maxResults(max).nextToken(token));
                return new Listed(page.clusterArns(), page.nextToken());
            }),
            new Paged("ListTaskDefinitions", 100, 100, 0, on -> { }, (on, i) -> on.definition("web" + i % 3),
                    (ecs, max, token) -> {
                        var page = ecs.listTaskDefinitions(request -> request.maxResults(max).nextToken(token));
                        return new Listed(page.taskDefinitionArns(), page.nextToken());
                    }),
            new Paged("ListTaskDefinitionFamilies", 100, 100, 0, on -> { }, (on, i) -> on.definition("web" + i),
                    (ecs, max, token) -> {
                        var page = ecs.listTaskDefinitionFamilies(request -> request.maxResults(max).nextToken(token));
                        return new Listed(page.families(), page.nextToken());
                    }),
            new Paged("ListTasks", 100, 100, 0, on -> {
                on.instance();
                on.definition(request -> request.containerDefinitions(
                        World.container("app").copy(it -> it.cpu(0).memory(4))));
            }, (on, i) -> on.ecs().runTask(request -> request.taskDefinition("web")), (ecs, max, token) -> {
                var page = ecs.listTasks(request -> request.maxResults(max).nextToken(token));
                return new Listed(page.taskArns(), page.nextToken());
            }),
            new Paged("ListContainerInstances", 100, 100, 0, on -> { }, (on, i) -> on.instance(),
                    (ecs, max, token) -> {
                        var page = ecs.listContainerInstances(request -> request.maxResults(max).nextToken(token));
                        return new Listed(page.containerInstanceArns(), page.nextToken());
                    }),
            new Paged("ListAttributes", 100, 100, 0, on -> { }, (on, i) -> on.ecs().registerContainerInstance(
                    World.instanceRequest(64, "default").attributes(World.attribute("a", "v" + i)).build()),
                    (ecs, max, token) -> {
                        var page = ecs.listAttributes(request -> request.targetType("container-instance")
                                .attributeName("a").maxResults(max).nextToken(token));
                        return new Listed(page.attributes().stream().map(Attribute::targetId).toList(),
                                page.nextToken());
                    }),
            new Paged("ListServices", 10, 100, 0, Stage::definition, (on, i) -> on.ecs().createService(request ->
                    request.serviceName("svc" + i).taskDefinition("web").desiredCount(0)), (ecs, max, token) -> {
                        var page = ecs.listServices(request -> request.maxResults(max).nextToken(token));
                        return new Listed(page.serviceArns(), page.nextToken());
                    }),
            new Paged("ListServicesByNamespace", 10, 100, 0, on -> {
                on.definition();
                on.ecs().createCluster(request -> request.clusterName("default-of")
                        .serviceConnectDefaults(defaults -> defaults.namespace("shop")));
            }, (on, i) -> on.ecs().createService(request -> request.serviceName("connected" + i).taskDefinition("web")
                    .desiredCount(0).serviceConnectConfiguration(it -> it.enabled(true).namespace("shop"))),
                    (ecs, max, token) -> {
                        var page = ecs.listServicesByNamespace(request ->
                                request.namespace("shop").maxResults(max).nextToken(token));
                        return new Listed(page.serviceArns(), page.nextToken());
                    }),
            new Paged("ListDaemonTaskDefinitions", 100, 100, 0, on -> { }, (on, i) ->
                    on.ecs().registerDaemonTaskDefinition(request -> request.family("agent" + i % 3)
                            .containerDefinitions(DaemonContainerDefinition.builder().name("a").image("i").memory(64)
                                    .build())), (ecs, max, token) -> {
                        var page = ecs.listDaemonTaskDefinitions(r -> r.maxResults(max).nextToken(token));
                        return new Listed(page.daemonTaskDefinitions().stream().map(each -> each.arn()).toList(),
                                page.nextToken());
                    }),
            new Paged("ListServiceDeployments", 20, 100, 1, on -> {
                on.definition();
                on.ecs().createService(request -> request.serviceName("svc").taskDefinition("web").desiredCount(0));
            }, (on, i) -> on.ecs().updateService(request -> request.service("svc").forceNewDeployment(true)),
                    (ecs, max, token) -> {
                        var page = ecs.listServiceDeployments(request ->
                                request.service("svc").maxResults(max).nextToken(token));
                        return new Listed(page.serviceDeployments().stream()
                                .map(each -> each.serviceDeploymentArn()).toList(), page.nextToken());
                    }),
            new Paged("ListAccountSettings", 10, 10, 0, on -> { }, (on, i) -> on.ecs().putAccountSetting(request ->
                    request.name(List.of(SettingName.AWSVPC_TRUNKING, SettingName.CONTAINER_INSIGHTS,
                            SettingName.SERVICE_LONG_ARN_FORMAT, SettingName.TASK_LONG_ARN_FORMAT,
                            SettingName.FARGATE_FIPS_MODE).get(i % 5)).value("enabled")), (ecs, max, token) -> {
                                var page = ecs.listAccountSettings(r -> r.maxResults(max).nextToken(token));
                                return new Listed(page.settings().stream().map(each -> each.nameAsString()).toList(),
                                        page.nextToken());
                            }));

    static Stream<Arguments> cases() {
        return ALL.stream().flatMap(paged -> Arrays.stream(Target.values())
                .map(target -> Arguments.argumentSet(paged.operation + " " + target, paged, target)));
    }

    @Test
    void everyActionThatAnswersInPagesIsHere() {
        assertThat(ALL).extracting(Paged::operation).containsExactlyInAnyOrderElementsOf(pagedActions());
    }

    /** The actions that take a token and a size. */
    private static TreeSet<String> pagedActions() {
        var names = new TreeSet<String>();
        for (var method : Ecs.class.getDeclaredMethods()) {
            if (method.getParameterCount() == 1 && EcsRequest.class.isAssignableFrom(method.getParameterTypes()[0])
                    && !method.isBridge() && members(method.getParameterTypes()[0]).containsAll(
                            List.of("maxResults", "nextToken"))) {
                names.add(Character.toUpperCase(method.getName().charAt(0)) + method.getName().substring(1));
            }
        }
        return names;
    }

    private static List<String> members(Class<?> type) {
        try {
            SdkPojo builder = (SdkPojo) type.getMethod("builder").invoke(null);
            return builder.sdkFields().stream().map(field -> field.locationName()).toList();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void pagesHoldWhatIsAskedFor(Paged paged, Target target) throws Exception {
        Stage.play(target, on -> {
            paged.first.accept(on);
            for (int i = 0; i < 5 - paged.atOnce; i++) {
                paged.make.make(on, i);
            }
            List<String> all = paged.lister.list(on.ecs(), null, null).items();
            assertThat(all).hasSize(5).doesNotHaveDuplicates();
            assertThat(paged.lister.list(on.ecs(), 5, null).next()).as("after the last").isNull();
            for (int size = 1; size <= 4; size++) {
                assertThat(walk(paged, on, size)).isEqualTo(all);
            }
            return null;
        });
    }

    private static List<String> walk(Paged paged, Stage on, int size) {
        var seen = new ArrayList<String>();
        Listed page = paged.lister.list(on.ecs(), size, null);
        while (page.next() != null) {
            assertThat(page.items()).hasSize(size);
            seen.addAll(page.items());
            page = paged.lister.list(on.ecs(), size, page.next());
        }
        assertThat(page.items()).hasSizeBetween(1, size);
        seen.addAll(page.items());
        return seen;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aPageHasALimit(Paged paged, Target target) throws Exception {
        Stage.play(target, on -> {
            paged.first.accept(on);
            boolean reachable = !paged.operation.equals("ListAccountSettings"); // of which there are fewer
            for (int i = 0; reachable && i <= paged.usual - paged.atOnce; i++) {
                paged.make.make(on, i);
            }
            if (reachable) {
                Listed page = paged.lister.list(on.ecs(), null, null);
                assertThat(page.items()).hasSize(paged.usual);
                assertThat(paged.lister.list(on.ecs(), null, page.next()).items()).hasSize(1);
            }
            for (int size : List.of(0, -1, paged.most + 1, Integer.MAX_VALUE, Integer.MIN_VALUE)) {
                assertThatThrownBy(() -> paged.lister.list(on.ecs(), size, null)).as("a page of %d", size)
                        .isInstanceOf(InvalidParameterException.class)
                        .hasMessageContaining("maxResults should be between 1 and " + paged.most);
            }
            return null;
        });
    }

    /** Tokens of another list, of another account's list, and texts that never were a token. */
    @ParameterizedTest
    @MethodSource("cases")
    void aTokenIsOnesOwn(Paged paged, Target target) throws Exception {
        Stage.play(target, on -> {
            paged.first.accept(on);
            for (int i = 0; i < 3; i++) {
                paged.make.make(on, i);
            }
            var foreign = new ArrayList<>(List.of("x", "", "null", "MXx4", "\u00e9", "a".repeat(5_000)));
            for (Paged other : ALL) {
                if (other != paged) {
                    foreign.add(on.as("999999999999", "eu-central-1", there -> token(other, there)));
                }
            }
            foreign.add(on.as("999999999999", "eu-central-1", there -> token(paged, there)));
            assertThat(foreign).hasSize(6 + ALL.size()).doesNotContainNull();
            for (String token : foreign) {
                assertThatThrownBy(() -> paged.lister.list(on.ecs(), null, token)).as("the token %s", token)
                        .isInstanceOf(InvalidParameterException.class).hasMessageContaining("Invalid token");
            }
            return null;
        });
    }

    private static String token(Paged paged, Stage on) {
        on.cluster("default");
        paged.first.accept(on);
        for (int i = 0; i < 2; i++) {
            paged.make.make(on, i);
        }
        return paged.lister.list(on.ecs(), 1, null).next();
    }
}
