package dev.landfall.ecs.taskset;

import dev.landfall.ecs.World;
import dev.landfall.ecs.service.DeleteService;
import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.CreateTaskSetRequest;
import software.amazon.awssdk.services.ecs.model.DeleteServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeleteTaskSetRequest;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.DescribeTaskSetsRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskSetsResponse;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.TaskSet;
import software.amazon.awssdk.services.ecs.model.UpdateServicePrimaryTaskSetRequest;
import software.amazon.awssdk.services.ecs.model.UpdateTaskSetRequest;

/** A world with the service {@code svc}, whose deployment controller is EXTERNAL, and the task set operations on it. */
final class TaskSetWorld {
    final World world;

    /** With two revisions of the definition {@code web} and a service that wants that many tasks. */
    TaskSetWorld(int desired) {
        world = new World();
        world.definition("web");
        world.definition("web");
        external(request -> request.desiredCount(desired));
    }

    Service external(Consumer<CreateServiceRequest.Builder> change) {
        return world.createService(request -> change.accept(request.taskDefinition(null)
                .deploymentController(each -> each.type(DeploymentControllerType.EXTERNAL))));
    }

    TaskSet create(Consumer<CreateTaskSetRequest.Builder> change) {
        var request = CreateTaskSetRequest.builder().cluster("default").service("svc").taskDefinition("web:1");
        change.accept(request);
        return world.decide((at, scope, context) -> CreateTaskSet.decide(
                at, request.build(), world.targetGroups(), scope, context))
                .taskSet();
    }

    TaskSet create(String definition, double scale) {
        return create(request -> request.taskDefinition(definition).scale(each -> each.value(scale)));
    }

    TaskSet scale(String taskSet, double value) {
        return update(request -> request.taskSet(taskSet).scale(each -> each.value(value)));
    }

    TaskSet update(Consumer<UpdateTaskSetRequest.Builder> change) {
        var request = UpdateTaskSetRequest.builder().cluster("default").service("svc");
        change.accept(request);
        return world.decide((at, scope, context) -> UpdateTaskSet.decide(at, request.build(), scope, context))
                .taskSet();
    }

    TaskSet delete(Consumer<DeleteTaskSetRequest.Builder> change) {
        var request = DeleteTaskSetRequest.builder().cluster("default").service("svc");
        change.accept(request);
        return world.decide((at, scope, context) -> DeleteTaskSet.decide(at, request.build(), scope, context))
                .taskSet();
    }

    TaskSet primary(String taskSet) {
        var request = UpdateServicePrimaryTaskSetRequest.builder().cluster("default").service("svc")
                .primaryTaskSet(taskSet).build();
        return world.decide((at, scope, context) -> UpdateServicePrimaryTaskSet.decide(at, request, scope, context))
                .taskSet();
    }

    Service deleteService(boolean force) {
        var request = DeleteServiceRequest.builder().service("svc").force(force).build();
        return world.decide((at, scope, context) -> DeleteService.decide(at, request, scope)).service();
    }

    DescribeTaskSetsResponse describe(Consumer<DescribeTaskSetsRequest.Builder> change) {
        var request = DescribeTaskSetsRequest.builder().cluster("default").service("svc");
        change.accept(request);
        return DescribeTaskSets.read(world.image(), request.build(), World.SCOPE);
    }

    TaskSet taskSet(String id) {
        return describe(request -> request.taskSets(id)).taskSets().getFirst();
    }

    /** The service's task sets as its description has them. */
    List<TaskSet> taskSets() {
        return world.service("svc").taskSets();
    }

    Service settle() {
        return world.settle("svc");
    }
}
