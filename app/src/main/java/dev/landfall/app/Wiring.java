package dev.landfall.app;

import dev.landfall.acm.Acm;
import dev.landfall.agent.Agent;
import dev.landfall.agent.AgentConfig;
import dev.landfall.app.balancing.Heard;
import dev.landfall.app.balancing.ServerCertificates;
import dev.landfall.app.data.DataDirectory;
import dev.landfall.app.events.EventFile;
import dev.landfall.app.hooks.HttpHooks;
import dev.landfall.app.options.EventsOption.Events;
import dev.landfall.ecs.Ecs;
import dev.landfall.ecs.Surroundings;
import dev.landfall.ecs.capacity.CapacityPolicy;
import dev.landfall.elb.Elb;
import dev.landfall.elb.edge.EdgeFeed;
import dev.landfall.iam.Iam;
import dev.landfall.state.Journal.DataDirectoryException;
import dev.landfall.state.RandomIds;
import dev.landfall.state.SqliteJournal;
import dev.landfall.state.Writer;
import dev.landfall.wire.ApiServer;
import dev.landfall.wire.Exposed;
import dev.landfall.wire.SdkForms;
import dev.landfall.x509.Authority;
import dev.landfall.x509.Entropy;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.elasticloadbalancing.ElasticLoadBalancingClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.iam.IamClient;

/** The one place that names the parts: the object graph, made by hand. */
final class Wiring {
    private Wiring() {}

    static ControlPlane controlPlane(
            DataDirectory data, String host, int port, Events events, CapacityPolicy capacity) {
        Writer writer;
        try {
            writer = new Writer(new SqliteJournal(data.path().resolve("state.db")),
                    Tables.ALL, SdkForms.rows(), Clock.systemUTC(), new RandomIds());
        } catch (DataDirectoryException e) {
            throw new Refusal(e.getMessage());
        }
        var endpoint = new CompletableFuture<URI>();
        Optional<EventFile> told = switch (events) {
            case FILE -> Optional.of(new EventFile(data.path()));
            case OFF -> Optional.empty();
        };
        var around = told.map(Surroundings.NONE::with).orElse(Surroundings.NONE).with(capacity);
        var balancers = new CompletableFuture<Elb>(); // it needs the certificates, and they ask who uses them
        var authority = new Authority(data.path(), Entropy.SECURE);
        var acm = new Acm(writer, Clock.systemUTC(), authority, arn -> balancers.join().balancersWith(arn));
        var iam = new Iam(writer, arn -> balancers.join().balancersWith(arn));
        var elb = new Elb(writer, Clock.systemUTC(),
                dev.landfall.elb.Surroundings.NONE.with(new ServerCertificates(acm, iam)));
        balancers.complete(elb);
        acm.follow(elb.edges()::certificateChanged);
        iam.follow(elb.edges()::certificateChanged);
        var hooks = new HttpHooks();
        var ecs = new Ecs(writer, endpoint::join,
                around.with(elb).with(elb.classic()).with(new Heard(elb.edges())).with(hooks).with(acm)
                        .after(endpoint));
        ApiServer server;
        try {
            server = new ApiServer(ApiServer.Config.on(host, port), exposed(ecs, elb, acm, iam),
                    joined(ecs.sockets(), elb.sockets()), ecs.locals());
        } catch (RuntimeException e) {
            acm.close();
            elb.close();
            ecs.close();
            hooks.close();
            told.ifPresent(EventFile::close);
            writer.close();
            throw e;
        }
        endpoint.complete(server.uri());
        return new ControlPlane() {
            @Override
            public URI endpoint() {
                return server.uri();
            }

            @Override
            public EcsClient ecs() {
                return ecs;
            }

            @Override
            public EdgeFeed edges() {
                return elb.edges();
            }

            @Override
            public void close() {
                acm.close();
                elb.close();
                ecs.close();
                hooks.close();
                told.ifPresent(EventFile::close);
                server.close();
                writer.close();
            }
        };
    }

    private static List<Exposed> exposed(Ecs ecs, Elb elb, Acm acm, Iam iam) {
        return List.of(new Exposed(EcsClient.class, ecs), new Exposed(ElasticLoadBalancingV2Client.class, elb),
                new Exposed(ElasticLoadBalancingClient.class, elb.classic()),
                new Exposed(AcmClient.class, acm), new Exposed(IamClient.class, iam));
    }

    private static <T> List<T> joined(List<? extends T> some, List<? extends T> more) {
        return Stream.<T>concat(some.stream(), more.stream()).toList();
    }

    static ContainerAgent agent(ContainerAgent.Settings settings, EcsClient ecs) {
        AgentConfig.Builder config = AgentConfig.of(settings.server(), settings.dataDirectory()).change()
                .cluster(settings.cluster())
                .managedCapacity(settings.managed())
                .gpus(settings.gpus());
        Optional.ofNullable(System.getenv("DOCKER_HOST")).filter(host -> !host.isEmpty()).ifPresent(config::dockerHost);
        settings.attributes().forEach(config::attribute);
        settings.pull().ifPresent(pull ->
                config.pullBehavior(dev.landfall.agent.PullBehavior.valueOf(pull.name())));
        var agent = new Agent(config.build(), ecs);
        try {
            agent.start();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("Interrupted while connecting to " + settings.server());
        }
        return new ContainerAgent() {
            @Override
            public String containerInstanceArn() {
                return agent.containerInstanceArn();
            }

            @Override
            public boolean idle() {
                return agent.idle();
            }

            @Override
            public void stopAllTasks() {
                agent.stopAllTasks();
            }

            @Override
            public void close() {
                agent.close();
            }
        };
    }
}
