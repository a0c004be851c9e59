package dev.landfall.ecs.taskdef;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import java.time.Instant;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.DeregisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** Valid requests for tests to spoil, and an image that registrations are applied to. */
final class Registration {
    static final Scope SCOPE = new Scope("123456789012", "eu-central-1");
    static final Instant NOW = Instant.parse("2026-03-04T05:06:07.891Z");
    static final Context CONTEXT = new Context(NOW, () -> {
        throw new IllegalStateException("task definitions need no ids");
    });

    private Image image = Image.empty(EcsTables.ALL);

    Image image() {
        return image;
    }

    TaskDefinition register(RegisterTaskDefinitionRequest request) {
        return apply(RegisterTaskDefinition.decide(image, request, SCOPE, CONTEXT)).taskDefinition();
    }

    TaskDefinition register(String family) {
        return register(bridge().toBuilder().family(family).build());
    }

    TaskDefinition deregister(String name) {
        var request = DeregisterTaskDefinitionRequest.builder().taskDefinition(name).build();
        return apply(DeregisterTaskDefinition.decide(image, request, SCOPE, CONTEXT)).taskDefinition();
    }

    <A> A apply(Decision<A> decision) {
        image = image.apply(decision.writes());
        return decision.reply();
    }

    static ContainerDefinition container() {
        return ContainerDefinition.builder().name("app").image("busybox").memory(64).build();
    }

    /** A definition for EC2 with one container. */
    static RegisterTaskDefinitionRequest bridge() {
        return RegisterTaskDefinitionRequest.builder().family("web").containerDefinitions(container()).build();
    }

    static RegisterTaskDefinitionRequest fargate() {
        return bridge().toBuilder()
                .requiresCompatibilities(Compatibility.FARGATE)
                .networkMode(NetworkMode.AWSVPC)
                .cpu("256")
                .memory("512")
                .build();
    }

    static RegisterTaskDefinitionRequest with(
            RegisterTaskDefinitionRequest request, Consumer<RegisterTaskDefinitionRequest.Builder> change) {
        var builder = request.toBuilder();
        change.accept(builder);
        return builder.build();
    }

    /** The request with its one container changed. */
    static RegisterTaskDefinitionRequest withContainer(
            RegisterTaskDefinitionRequest request, Consumer<ContainerDefinition.Builder> change) {
        var container = request.containerDefinitions().getFirst().toBuilder();
        change.accept(container);
        return request.toBuilder().containerDefinitions(container.build()).build();
    }
}
