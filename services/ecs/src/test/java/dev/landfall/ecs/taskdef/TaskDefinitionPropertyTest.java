package dev.landfall.ecs.taskdef;

import static dev.landfall.ecs.taskdef.Registration.SCOPE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionsRequest;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

class TaskDefinitionPropertyTest {

    /** Registering again what was described changes nothing but the number: defaults are applied once and for all. */
    @Property(tries = 200)
    void whatIsDescribedIsWhatWasRegistered(@ForAll("requests") RegisterTaskDefinitionRequest request) {
        var registration = new Registration();
        TaskDefinition registered = registration.register(request);

        var described = DescribeTaskDefinition.read(registration.image(), DescribeTaskDefinitionRequest.builder()
                .taskDefinition(registered.taskDefinitionArn()).build(), SCOPE).taskDefinition();
        assertThat(described).isEqualTo(registered);

        TaskDefinition again = registration.register(request.toBuilder()
                .containerDefinitions(described.containerDefinitions())
                .networkMode(described.networkMode())
                .cpu(described.cpu())
                .memory(described.memory())
                .build());
        assertThat(again.revision()).isEqualTo(registered.revision() + 1);
        assertThat(again.toBuilder().revision(registered.revision())
                .taskDefinitionArn(registered.taskDefinitionArn()).build()).isEqualTo(registered);
    }

    /** Whatever is said of a container comes back; only what was not said is added. */
    @Property(tries = 200)
    void nothingSaidIsLost(@ForAll("requests") RegisterTaskDefinitionRequest request) {
        TaskDefinition registered = new Registration().register(request);

        for (int i = 0; i < request.containerDefinitions().size(); i++) {
            var said = request.containerDefinitions().get(i);
            var kept = registered.containerDefinitions().get(i);
            assertThat(kept.name()).isEqualTo(said.name());
            assertThat(kept.image()).isEqualTo(said.image());
            assertThat(kept.memory()).isEqualTo(said.memory());
            assertThat(kept.command()).isEqualTo(said.command());
            assertThat(kept.environment()).isEqualTo(said.environment());
            assertThat(kept.portMappings()).extracting(PortMapping::containerPort)
                    .isEqualTo(said.portMappings().stream().map(PortMapping::containerPort).toList());
        }
        boolean askedForFargate = request.requiresCompatibilities().contains(Compatibility.FARGATE);
        assertThat(registered.compatibilities()).contains(Compatibility.EC2);
        assertThat(registered.compatibilities().contains(Compatibility.FARGATE)).isEqualTo(
                askedForFargate || FargateRules.refusal(registered).isEmpty());
    }

    /** In any interleaving of families, each counts from one without a gap, and pages show each revision once. */
    @Property(tries = 50)
    void pagesShowEveryRevisionOnceAndInOrder(
            @ForAll List<@IntRange(min = 0, max = 3) Integer> order, @ForAll @IntRange(min = 1, max = 7) int pageSize) {
        var registration = new Registration();
        var counts = new TreeMap<String, Integer>();
        for (int family : order) {
            String name = List.of("web", "web-app", "web_app", "Web").get(family);
            assertThat(registration.register(name).revision()).isEqualTo(counts.merge(name, 1, Integer::sum));
        }
        var expected = new ArrayList<String>();
        counts.forEach((name, count) -> IntStream.rangeClosed(1, count)
                .forEach(revision -> expected.add(Reference.arn(SCOPE, name, revision))));

        var seen = new ArrayList<String>();
        String token = null;
        do {
            var page = ListTaskDefinitions.read(registration.image(), ListTaskDefinitionsRequest.builder()
                    .maxResults(pageSize).nextToken(token).build(), SCOPE);
            assertThat(page.taskDefinitionArns().size()).isLessThanOrEqualTo(pageSize);
            seen.addAll(page.taskDefinitionArns());
            token = page.nextToken();
        } while (token != null);
        assertThat(seen).isEqualTo(expected);
    }

    @Provide
    Arbitrary<RegisterTaskDefinitionRequest> requests() {
        Arbitrary<Boolean> fargate = Arbitraries.of(true, false);
        return Combinators.combine(containers().list().ofMinSize(1).ofMaxSize(5), fargate,
                        Arbitraries.of(NetworkMode.BRIDGE, NetworkMode.HOST, NetworkMode.AWSVPC))
                .as((containers, onFargate, mode) -> {
                    var request = RegisterTaskDefinitionRequest.builder().family("web")
                            .containerDefinitions(IntStream.range(0, containers.size())
                                    .mapToObj(i -> containers.get(i).toBuilder().name("c" + i).build()).toList());
                    return onFargate
                            ? request.networkMode(NetworkMode.AWSVPC).requiresCompatibilities(Compatibility.FARGATE)
                                    .cpu("1 vCPU").memory("4 GB").build()
                            : request.networkMode(mode).build();
                });
    }

    private static Arbitrary<ContainerDefinition> containers() {
        var ports = Arbitraries.integers().between(1, 65_535).set().ofMaxSize(4);
        var variables = Arbitraries.maps(Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(8),
                Arbitraries.strings().ofMaxLength(8)).ofMaxSize(4);
        return Combinators.combine(Arbitraries.integers().between(4, 512), Arbitraries.integers().between(0, 128),
                        ports, variables, Arbitraries.strings().alpha().list().ofMaxSize(3),
                        Arbitraries.of(true, false))
                .as((memory, cpu, mapped, environment, command, checked) -> {
                    var container = ContainerDefinition.builder()
                            .image("busybox").memory(memory).cpu(cpu).command(command)
                            .portMappings(mapped.stream()
                                    .map(port -> PortMapping.builder().containerPort(port).build()).toList())
                            .environment(environment.entrySet().stream()
                                    .map(e -> KeyValuePair.builder().name(e.getKey()).value(e.getValue()).build())
                                    .toList());
                    return checked ? container.healthCheck(check -> check.command("CMD", "true")).build()
                            : container.build();
                });
    }
}
