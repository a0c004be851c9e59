package dev.landfall.ecs.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.World;
import dev.landfall.ecs.cluster.CreateCluster;
import dev.landfall.ecs.service.DeleteService;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.CreateClusterRequest;
import software.amazon.awssdk.services.ecs.model.DeleteServiceRequest;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ListServicesByNamespaceRequest;
import software.amazon.awssdk.services.ecs.model.ListServicesByNamespaceResponse;
import software.amazon.awssdk.services.ecs.model.NamespaceNotFoundException;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.ServiceConnectClientAlias;
import software.amazon.awssdk.services.ecs.model.ServiceConnectConfiguration;
import software.amazon.awssdk.services.ecs.model.ServiceConnectService;

class ServiceConnectTest {
    private final World world = new World();

    @BeforeEach
    void aClusterWithADefault() {
        var request = CreateClusterRequest.builder().clusterName("connected")
                .serviceConnectDefaults(defaults -> defaults.namespace("shop")).build();
        world.decide((image, scope, context) -> CreateCluster.decide(image, request, scope, context));
        world.definition(request2 -> request2.containerDefinitions(World.container("app").toBuilder()
                .portMappings(PortMapping.builder().name("http").containerPort(80).build()).build()));
    }

    private ServiceConnectConfiguration create(String name, String cluster, ServiceConnectConfiguration connect) {
        return world.createService(request -> request.serviceName(name).cluster(cluster)
                .serviceConnectConfiguration(connect)).deployments().getFirst().serviceConnectConfiguration();
    }

    private ListServicesByNamespaceResponse list(Consumer<ListServicesByNamespaceRequest.Builder> change) {
        var request = ListServicesByNamespaceRequest.builder().namespace("shop");
        change.accept(request);
        return ListServicesByNamespace.read(world.image(), request.build(), World.SCOPE);
    }

    private static ServiceConnectConfiguration on(String namespace) {
        return ServiceConnectConfiguration.builder().enabled(true).namespace(namespace).build();
    }

    @Test
    void theClustersDefaultHoldsWhereTheServiceNamesNone() {
        assertThat(create("a", "connected", on(null)).namespace()).isEqualTo("shop");
        assertThat(create("b", "default", on("shop")).namespace()).isEqualTo("shop");
        assertThat(create("c", "connected", null)).isNull();
        assertThat(create("d", "connected", ServiceConnectConfiguration.builder().enabled(false).build()).enabled())
                .isFalse();

        assertThat(list(request -> { }).serviceArns()).containsExactly(
                World.ARN + "service/connected/a", World.ARN + "service/default/b");
    }

    @Test
    void aNamespaceThatNobodyMadeIsNotFound() {
        assertThatThrownBy(() -> create("a", "default", on("nowhere"))).isInstanceOf(NamespaceNotFoundException.class)
                .hasMessageContaining("Failed to retrieve namespace for nowhere");
        assertThatThrownBy(() -> list(request -> request.namespace("nowhere")))
                .isInstanceOf(NamespaceNotFoundException.class);
        assertThatThrownBy(() -> list(request -> request.namespace(" "))).isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> create("a", "default", on(null))).isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void anUpdateWithAnotherConfigurationIsANewDeploymentAndOthersKeepIt() {
        create("svc", "default", on("shop"));
        String first = world.service("svc").deployments().getFirst().id();
        world.updateService(request -> request.desiredCount(3).serviceConnectConfiguration(on("shop")));
        assertThat(world.service("svc").deployments().getFirst().id()).isEqualTo(first);

        world.updateService(request -> request.forceNewDeployment(true));
        var second = world.service("svc").deployments().getFirst();
        assertThat(second.id()).isNotEqualTo(first);
        assertThat(second.serviceConnectConfiguration().namespace()).isEqualTo("shop");

        world.updateService(request -> request.serviceConnectConfiguration(
                ServiceConnectConfiguration.builder().enabled(false).build()));
        assertThat(world.service("svc").deployments().getFirst().id()).isNotEqualTo(second.id());
        assertThat(list(request -> { }).serviceArns()).isEmpty();
    }

    @Test
    void pagesAreOfTenUnlessMoreAreWantedAndDeletedServicesAreGone() {
        for (int i = 10; i < 33; i++) {
            create("s" + i, "connected", on(null));
        }
        assertThat(list(request -> { }).serviceArns()).hasSize(10);
        assertThat(list(request -> request.maxResults(100)).serviceArns()).hasSize(23);
        var seen = new ArrayList<String>();
        String token = null;
        do {
            String next = token;
            var page = list(request -> request.maxResults(7).nextToken(next));
            seen.addAll(page.serviceArns());
            token = page.nextToken();
        } while (token != null);
        assertThat(seen).hasSize(23).doesNotHaveDuplicates().isSorted();
        for (int bad : List.of(0, 101)) {
            assertThatThrownBy(() -> list(request -> request.maxResults(bad)))
                    .isInstanceOf(InvalidParameterException.class);
        }

        var delete = DeleteServiceRequest.builder().cluster("connected").service("s10").force(true).build();
        world.decide((image, scope, context) -> DeleteService.decide(image, delete, scope));
        world.apply(dev.landfall.ecs.service.ReconcileService.decide(
                world.image(), World.ARN + "service/connected/s10", world.context()));
        assertThat(list(request -> request.maxResults(100)).serviceArns()).hasSize(22);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "other, -,      80,    -",
        "-,     -,      80,    -",
        "http,  UPPER,  80,    -",
        "http,  -lead,  80,    -",
        "http,  -,      0,     -",
        "http,  -,      70000, -",
        "http,  -,      -,     -",
        "http,  -,      80,    -x"})
    void whatIsNoServiceIsRefused(String portName, String discoveryName, Integer port, String dnsName) {
        var service = ServiceConnectService.builder().portName(portName).discoveryName(discoveryName)
                .clientAliases(ServiceConnectClientAlias.builder().port(port).dnsName(dnsName).build()).build();
        var connect = on("shop").toBuilder().services(service).build();
        assertThatThrownBy(() -> create("a", "default", connect)).isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void aServiceWithAnAliasIsKept() {
        var service = ServiceConnectService.builder().portName("http").discoveryName("web_1")
                .clientAliases(ServiceConnectClientAlias.builder().port(80).dnsName("web.shop").build()).build();
        var connect = on("shop").toBuilder().services(service).build();
        assertThat(create("a", "default", connect).services()).containsExactly(service);
        var twice = on("shop").toBuilder().services(service, service).build();
        assertThatThrownBy(() -> create("b", "default", twice)).isInstanceOf(InvalidParameterException.class);
    }
}
