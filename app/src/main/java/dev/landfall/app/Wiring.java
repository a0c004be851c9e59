package dev.landfall.app;

import dev.landfall.app.data.DataDirectory;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * The one place that names the parts. NOT BOUND YET: services and agent are being built; until they are merged the API
 * answers 501 to everything, and there is no agent. Replace both methods' bodies, and nothing else.
 */
final class Wiring {
    private Wiring() {}

    static ControlPlane controlPlane(DataDirectory data, String host, int port) {
        WebServer server = WebServer.builder().address(address(host)).port(port).shutdownHook(false)
                .routing(routing -> routing.any((_, response) -> response.status(Status.NOT_IMPLEMENTED_501).send()))
                .build();
        server.start();
        return new ControlPlane() {
            private final URI endpoint = URI.create("http://" + host + ":" + server.port());
            private final EcsClient ecs = Clients.ecs(endpoint);

            @Override
            public URI endpoint() {
                return endpoint;
            }

            @Override
            public EcsClient ecs() {
                return ecs;
            }

            @Override
            public void close() {
                ecs.close();
                server.stop();
            }
        };
    }

    static ContainerAgent agent(ContainerAgent.Settings settings, EcsClient ecs) {
        return new ContainerAgent() {
            @Override
            public String containerInstanceArn() {
                return "none";
            }

            @Override
            public void stopAllTasks() {
                throw new UnsupportedOperationException("the agent is not bound yet");
            }

            @Override
            public void close() {
                // Nothing was started.
            }
        };
    }

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new Refusal("This machine cannot listen on '" + host + "': give one of its addresses with --host");
        }
    }
}
