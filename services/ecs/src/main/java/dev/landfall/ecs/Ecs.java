package dev.landfall.ecs;

import dev.landfall.ecs.account.DeleteAccountSetting;
import dev.landfall.ecs.account.ListAccountSettings;
import dev.landfall.ecs.account.PutAccountSetting;
import dev.landfall.ecs.account.PutAccountSettingDefault;
import dev.landfall.ecs.agents.AgentSessions;
import dev.landfall.ecs.agents.DiscoverPollEndpoint;
import dev.landfall.ecs.agents.SubmitAttachmentStateChanges;
import dev.landfall.ecs.agents.SubmitContainerStateChange;
import dev.landfall.ecs.agents.SubmitTaskStateChange;
import dev.landfall.ecs.cluster.CreateCluster;
import dev.landfall.ecs.cluster.DeleteCluster;
import dev.landfall.ecs.cluster.DescribeClusters;
import dev.landfall.ecs.cluster.ListClusters;
import dev.landfall.ecs.cluster.PutClusterCapacityProviders;
import dev.landfall.ecs.cluster.UpdateCluster;
import dev.landfall.ecs.cluster.UpdateClusterSettings;
import dev.landfall.ecs.connect.ListServicesByNamespace;
import dev.landfall.ecs.daemontask.DeleteDaemonTaskDefinition;
import dev.landfall.ecs.daemontask.DescribeDaemonTaskDefinition;
import dev.landfall.ecs.daemontask.ListDaemonTaskDefinitions;
import dev.landfall.ecs.daemontask.RegisterDaemonTaskDefinition;
import dev.landfall.ecs.event.EventSender;
import dev.landfall.ecs.event.Outbox;
import dev.landfall.ecs.deployment.AlarmPoller;
import dev.landfall.ecs.deployment.AlarmWatch;
import dev.landfall.ecs.deployment.DescribeServiceDeployments;
import dev.landfall.ecs.deployment.DescribeServiceRevisions;
import dev.landfall.ecs.deployment.ListServiceDeployments;
import dev.landfall.ecs.deployment.NoAlarms;
import dev.landfall.ecs.deployment.StopServiceDeployment;
import dev.landfall.ecs.instance.DeleteAttributes;
import dev.landfall.ecs.instance.DeregisterContainerInstance;
import dev.landfall.ecs.instance.DescribeContainerInstances;
import dev.landfall.ecs.instance.ListAttributes;
import dev.landfall.ecs.instance.ListContainerInstances;
import dev.landfall.ecs.instance.PutAttributes;
import dev.landfall.ecs.instance.RegisterContainerInstance;
import dev.landfall.ecs.instance.UpdateContainerAgent;
import dev.landfall.ecs.instance.UpdateContainerInstancesState;
import dev.landfall.ecs.protection.GetTaskProtection;
import dev.landfall.ecs.protection.UpdateTaskProtection;
import dev.landfall.ecs.service.CreateService;
import dev.landfall.ecs.service.DeleteService;
import dev.landfall.ecs.service.DescribeServices;
import dev.landfall.ecs.service.ListServices;
import dev.landfall.ecs.service.ServiceScheduler;
import dev.landfall.ecs.service.UpdateService;
import dev.landfall.ecs.tag.ListTagsForResource;
import dev.landfall.ecs.tag.TagResource;
import dev.landfall.ecs.tag.UntagResource;
import dev.landfall.ecs.task.DescribeTasks;
import dev.landfall.ecs.task.ExecuteCommand;
import dev.landfall.ecs.task.ListTasks;
import dev.landfall.ecs.task.RunTask;
import dev.landfall.ecs.task.StartTask;
import dev.landfall.ecs.task.StopTask;
import dev.landfall.ecs.taskdef.DeleteTaskDefinitions;
import dev.landfall.ecs.taskdef.DeregisterTaskDefinition;
import dev.landfall.ecs.taskdef.DescribeTaskDefinition;
import dev.landfall.ecs.taskdef.ListTaskDefinitionFamilies;
import dev.landfall.ecs.taskdef.ListTaskDefinitions;
import dev.landfall.ecs.taskdef.RegisterTaskDefinition;
import dev.landfall.ecs.taskset.CreateTaskSet;
import dev.landfall.ecs.taskset.DeleteTaskSet;
import dev.landfall.ecs.taskset.DescribeTaskSets;
import dev.landfall.ecs.taskset.UpdateServicePrimaryTaskSet;
import dev.landfall.ecs.taskset.UpdateTaskSet;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Decisions;
import dev.landfall.state.Image;
import dev.landfall.wire.SocketEndpoint;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.CreateClusterRequest;
import software.amazon.awssdk.services.ecs.model.CreateClusterResponse;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.CreateServiceResponse;
import software.amazon.awssdk.services.ecs.model.CreateTaskSetRequest;
import software.amazon.awssdk.services.ecs.model.CreateTaskSetResponse;
import software.amazon.awssdk.services.ecs.model.DeleteAccountSettingRequest;
import software.amazon.awssdk.services.ecs.model.DeleteAccountSettingResponse;
import software.amazon.awssdk.services.ecs.model.DeleteAttributesRequest;
import software.amazon.awssdk.services.ecs.model.DeleteAttributesResponse;
import software.amazon.awssdk.services.ecs.model.DeleteClusterRequest;
import software.amazon.awssdk.services.ecs.model.DeleteClusterResponse;
import software.amazon.awssdk.services.ecs.model.DeleteDaemonTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DeleteDaemonTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.DeleteServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeleteServiceResponse;
import software.amazon.awssdk.services.ecs.model.DeleteTaskDefinitionsRequest;
import software.amazon.awssdk.services.ecs.model.DeleteTaskDefinitionsResponse;
import software.amazon.awssdk.services.ecs.model.DeleteTaskSetRequest;
import software.amazon.awssdk.services.ecs.model.DeleteTaskSetResponse;
import software.amazon.awssdk.services.ecs.model.DeregisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.DeregisterContainerInstanceResponse;
import software.amazon.awssdk.services.ecs.model.DeregisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DeregisterTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.DescribeDaemonTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeDaemonTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.DescribeServiceDeploymentsRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServiceDeploymentsResponse;
import software.amazon.awssdk.services.ecs.model.DescribeServiceRevisionsRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServiceRevisionsResponse;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServicesResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTaskSetsRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskSetsResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.DiscoverPollEndpointRequest;
import software.amazon.awssdk.services.ecs.model.DiscoverPollEndpointResponse;
import software.amazon.awssdk.services.ecs.model.EcsRequest;
import software.amazon.awssdk.services.ecs.model.ExecuteCommandRequest;
import software.amazon.awssdk.services.ecs.model.ExecuteCommandResponse;
import software.amazon.awssdk.services.ecs.model.GetTaskProtectionRequest;
import software.amazon.awssdk.services.ecs.model.GetTaskProtectionResponse;
import software.amazon.awssdk.services.ecs.model.ListAccountSettingsRequest;
import software.amazon.awssdk.services.ecs.model.ListAccountSettingsResponse;
import software.amazon.awssdk.services.ecs.model.ListAttributesRequest;
import software.amazon.awssdk.services.ecs.model.ListAttributesResponse;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.ListDaemonTaskDefinitionsRequest;
import software.amazon.awssdk.services.ecs.model.ListDaemonTaskDefinitionsResponse;
import software.amazon.awssdk.services.ecs.model.ListServicesByNamespaceRequest;
import software.amazon.awssdk.services.ecs.model.ListServicesByNamespaceResponse;
import software.amazon.awssdk.services.ecs.model.ListServiceDeploymentsRequest;
import software.amazon.awssdk.services.ecs.model.ListServiceDeploymentsResponse;
import software.amazon.awssdk.services.ecs.model.ListServicesRequest;
import software.amazon.awssdk.services.ecs.model.ListServicesResponse;
import software.amazon.awssdk.services.ecs.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.ecs.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionFamiliesRequest;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionFamiliesResponse;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionsRequest;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionsResponse;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.PutAccountSettingDefaultRequest;
import software.amazon.awssdk.services.ecs.model.PutAccountSettingDefaultResponse;
import software.amazon.awssdk.services.ecs.model.PutAccountSettingRequest;
import software.amazon.awssdk.services.ecs.model.PutAccountSettingResponse;
import software.amazon.awssdk.services.ecs.model.PutAttributesRequest;
import software.amazon.awssdk.services.ecs.model.PutAttributesResponse;
import software.amazon.awssdk.services.ecs.model.PutClusterCapacityProvidersRequest;
import software.amazon.awssdk.services.ecs.model.PutClusterCapacityProvidersResponse;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceResponse;
import software.amazon.awssdk.services.ecs.model.RegisterDaemonTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RegisterDaemonTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StartTaskRequest;
import software.amazon.awssdk.services.ecs.model.StartTaskResponse;
import software.amazon.awssdk.services.ecs.model.StopServiceDeploymentRequest;
import software.amazon.awssdk.services.ecs.model.StopServiceDeploymentResponse;
import software.amazon.awssdk.services.ecs.model.StopTaskRequest;
import software.amazon.awssdk.services.ecs.model.StopTaskResponse;
import software.amazon.awssdk.services.ecs.model.SubmitAttachmentStateChangesRequest;
import software.amazon.awssdk.services.ecs.model.SubmitAttachmentStateChangesResponse;
import software.amazon.awssdk.services.ecs.model.SubmitContainerStateChangeRequest;
import software.amazon.awssdk.services.ecs.model.SubmitContainerStateChangeResponse;
import software.amazon.awssdk.services.ecs.model.SubmitTaskStateChangeRequest;
import software.amazon.awssdk.services.ecs.model.SubmitTaskStateChangeResponse;
import software.amazon.awssdk.services.ecs.model.TagResourceRequest;
import software.amazon.awssdk.services.ecs.model.TagResourceResponse;
import software.amazon.awssdk.services.ecs.model.UntagResourceRequest;
import software.amazon.awssdk.services.ecs.model.UntagResourceResponse;
import software.amazon.awssdk.services.ecs.model.UpdateClusterRequest;
import software.amazon.awssdk.services.ecs.model.UpdateClusterResponse;
import software.amazon.awssdk.services.ecs.model.UpdateClusterSettingsRequest;
import software.amazon.awssdk.services.ecs.model.UpdateClusterSettingsResponse;
import software.amazon.awssdk.services.ecs.model.UpdateContainerAgentRequest;
import software.amazon.awssdk.services.ecs.model.UpdateContainerAgentResponse;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateRequest;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateResponse;
import software.amazon.awssdk.services.ecs.model.UpdateServicePrimaryTaskSetRequest;
import software.amazon.awssdk.services.ecs.model.UpdateServicePrimaryTaskSetResponse;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;
import software.amazon.awssdk.services.ecs.model.UpdateServiceResponse;
import software.amazon.awssdk.services.ecs.model.UpdateTaskProtectionRequest;
import software.amazon.awssdk.services.ecs.model.UpdateTaskProtectionResponse;
import software.amazon.awssdk.services.ecs.model.UpdateTaskSetRequest;
import software.amazon.awssdk.services.ecs.model.UpdateTaskSetResponse;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;

/**
 * Amazon ECS. A table of contents: each operation hands its request to the class named after it, which decides or
 * reads. Owns the threads that keep services alive and the agents' connections; close it before the writer.
 */
public final class Ecs implements EcsClient {
    private final Decisions writer;
    private final Supplier<URI> endpoint;
    private final List<SocketEndpoint> sockets;
    private final List<Runnable> closing;

    /**
     * An ECS that tells nobody of events.
     *
     * @param writer its schema has {@link EcsTables#ALL}
     * @param endpoint where agents reach this server; asked when they ask
     */
    public Ecs(Decisions writer, Supplier<URI> endpoint) {
        this(writer, endpoint, new NoAlarms(), List.of());
    }

    /** @param cloudWatch knows the alarms that fail deployments */
    public Ecs(Decisions writer, Supplier<URI> endpoint, CloudWatchClient cloudWatch) {
        this(writer, endpoint, cloudWatch, List.of());
    }

    /** @param events is told of everything that changes */
    public Ecs(Decisions writer, Supplier<URI> endpoint, EventBridgeClient events) {
        this(writer, endpoint, new NoAlarms(), events);
    }

    public Ecs(Decisions writer, Supplier<URI> endpoint, CloudWatchClient cloudWatch, EventBridgeClient events) {
        this(new Outbox(writer), endpoint, cloudWatch, List.of(new EventSender(writer, events)::close));
    }

    private Ecs(Decisions writer, Supplier<URI> endpoint, CloudWatchClient cloudWatch, List<Runnable> last) {
        this.writer = writer;
        this.endpoint = endpoint;
        var agents = new AgentSessions(writer);
        var scheduler = new ServiceScheduler(writer);
        var alarms = new AlarmPoller(new AlarmWatch(writer, cloudWatch));
        this.sockets = agents.endpoints();
        var all = new ArrayList<Runnable>(List.of(alarms::close, scheduler::close, agents::close));
        all.addAll(last);
        this.closing = List.copyOf(all);
    }

    private Ecs(Decisions writer) {
        this.writer = writer;
        this.endpoint = () -> URI.create("http://landfall.invalid");
        this.sockets = List.of();
        this.closing = List.of();
    }

    /** The operations alone, for who looks after services and agents by himself, as a simulator does. */
    public static Ecs operations(Decisions writer) {
        return new Ecs(writer);
    }

    /** The agent protocol's websocket paths, to be served beside the API. */
    public List<SocketEndpoint> sockets() {
        return sockets;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        closing.forEach(Runnable::run);
    }

    @FunctionalInterface
    private interface Deciding<A> {
        Decision<A> decide(Image image, Scope scope, Context context);
    }

    private <A> A decide(EcsRequest request, Deciding<A> operation) {
        RequestRules.checked(request);
        Scope scope = Scope.current();
        return writer.submit((image, context) -> operation.decide(image, scope, context));
    }

    // ---- Clusters ----

    @Override
    public CreateClusterResponse createCluster(CreateClusterRequest request) {
        return decide(request, (image, scope, context) -> CreateCluster.decide(image, request, scope, context));
    }

    @Override
    public DescribeClustersResponse describeClusters(DescribeClustersRequest request) {
        return DescribeClusters.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public ListClustersResponse listClusters(ListClustersRequest request) {
        return ListClusters.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public UpdateClusterResponse updateCluster(UpdateClusterRequest request) {
        return decide(request, (image, scope, context) -> UpdateCluster.decide(image, request, scope, context));
    }

    @Override
    public UpdateClusterSettingsResponse updateClusterSettings(UpdateClusterSettingsRequest request) {
        return decide(request, (image, scope, context) -> UpdateClusterSettings.decide(image, request, scope, context));
    }

    @Override
    public PutClusterCapacityProvidersResponse putClusterCapacityProviders(PutClusterCapacityProvidersRequest request) {
        return decide(request,
                (image, scope, context) -> PutClusterCapacityProviders.decide(image, request, scope, context));
    }

    @Override
    public DeleteClusterResponse deleteCluster(DeleteClusterRequest request) {
        return decide(request, (image, scope, context) -> DeleteCluster.decide(image, request, scope, context));
    }

    // ---- Task definitions ----

    @Override
    public RegisterTaskDefinitionResponse registerTaskDefinition(RegisterTaskDefinitionRequest request) {
        return decide(request,
                (image, scope, context) -> RegisterTaskDefinition.decide(image, request, scope, context));
    }

    @Override
    public DescribeTaskDefinitionResponse describeTaskDefinition(DescribeTaskDefinitionRequest request) {
        return DescribeTaskDefinition.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public ListTaskDefinitionsResponse listTaskDefinitions(ListTaskDefinitionsRequest request) {
        return ListTaskDefinitions.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public ListTaskDefinitionFamiliesResponse listTaskDefinitionFamilies(ListTaskDefinitionFamiliesRequest request) {
        return ListTaskDefinitionFamilies.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public DeregisterTaskDefinitionResponse deregisterTaskDefinition(DeregisterTaskDefinitionRequest request) {
        return decide(request,
                (image, scope, context) -> DeregisterTaskDefinition.decide(image, request, scope, context));
    }

    @Override
    public DeleteTaskDefinitionsResponse deleteTaskDefinitions(DeleteTaskDefinitionsRequest request) {
        return decide(request, (image, scope, context) -> DeleteTaskDefinitions.decide(image, request, scope, context));
    }

    // ---- Daemon task definitions ----

    @Override
    public RegisterDaemonTaskDefinitionResponse registerDaemonTaskDefinition(
            RegisterDaemonTaskDefinitionRequest request) {
        return decide(request,
                (image, scope, context) -> RegisterDaemonTaskDefinition.decide(image, request, scope, context));
    }

    @Override
    public DescribeDaemonTaskDefinitionResponse describeDaemonTaskDefinition(
            DescribeDaemonTaskDefinitionRequest request) {
        return DescribeDaemonTaskDefinition.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public ListDaemonTaskDefinitionsResponse listDaemonTaskDefinitions(ListDaemonTaskDefinitionsRequest request) {
        return ListDaemonTaskDefinitions.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public DeleteDaemonTaskDefinitionResponse deleteDaemonTaskDefinition(DeleteDaemonTaskDefinitionRequest request) {
        return decide(request,
                (image, scope, context) -> DeleteDaemonTaskDefinition.decide(image, request, scope, context));
    }

    // ---- Tasks ----

    @Override
    public RunTaskResponse runTask(RunTaskRequest request) {
        return decide(request, (image, scope, context) -> RunTask.decide(image, request, scope, context));
    }

    @Override
    public StartTaskResponse startTask(StartTaskRequest request) {
        return decide(request, (image, scope, context) -> StartTask.decide(image, request, scope, context));
    }

    @Override
    public StopTaskResponse stopTask(StopTaskRequest request) {
        return decide(request, (image, scope, context) -> StopTask.decide(image, request, scope, context));
    }

    @Override
    public DescribeTasksResponse describeTasks(DescribeTasksRequest request) {
        return DescribeTasks.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public ListTasksResponse listTasks(ListTasksRequest request) {
        return ListTasks.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public ExecuteCommandResponse executeCommand(ExecuteCommandRequest request) {
        return ExecuteCommand.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public GetTaskProtectionResponse getTaskProtection(GetTaskProtectionRequest request) {
        return decide(request, (image, scope, context) -> GetTaskProtection.decide(image, request, scope, context));
    }

    @Override
    public UpdateTaskProtectionResponse updateTaskProtection(UpdateTaskProtectionRequest request) {
        return decide(request, (image, scope, context) -> UpdateTaskProtection.decide(image, request, scope, context));
    }

    // ---- Services ----

    @Override
    public CreateServiceResponse createService(CreateServiceRequest request) {
        return decide(request, (image, scope, context) -> CreateService.decide(image, request, scope, context));
    }

    @Override
    public UpdateServiceResponse updateService(UpdateServiceRequest request) {
        return decide(request, (image, scope, context) -> UpdateService.decide(image, request, scope, context));
    }

    @Override
    public DeleteServiceResponse deleteService(DeleteServiceRequest request) {
        return decide(request, (image, scope, context) -> DeleteService.decide(image, request, scope));
    }

    @Override
    public DescribeServicesResponse describeServices(DescribeServicesRequest request) {
        return DescribeServices.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public ListServicesResponse listServices(ListServicesRequest request) {
        return ListServices.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public ListServicesByNamespaceResponse listServicesByNamespace(ListServicesByNamespaceRequest request) {
        return ListServicesByNamespace.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    // ---- Task sets ----

    @Override
    public CreateTaskSetResponse createTaskSet(CreateTaskSetRequest request) {
        return decide(request, (image, scope, context) -> CreateTaskSet.decide(image, request, scope, context));
    }

    @Override
    public UpdateTaskSetResponse updateTaskSet(UpdateTaskSetRequest request) {
        return decide(request, (image, scope, context) -> UpdateTaskSet.decide(image, request, scope, context));
    }

    @Override
    public DeleteTaskSetResponse deleteTaskSet(DeleteTaskSetRequest request) {
        return decide(request, (image, scope, context) -> DeleteTaskSet.decide(image, request, scope, context));
    }

    @Override
    public DescribeTaskSetsResponse describeTaskSets(DescribeTaskSetsRequest request) {
        return DescribeTaskSets.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public UpdateServicePrimaryTaskSetResponse updateServicePrimaryTaskSet(UpdateServicePrimaryTaskSetRequest request) {
        return decide(request,
                (image, scope, context) -> UpdateServicePrimaryTaskSet.decide(image, request, scope, context));
    }

    // ---- Service deployments ----

    @Override
    public ListServiceDeploymentsResponse listServiceDeployments(ListServiceDeploymentsRequest request) {
        return ListServiceDeployments.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public DescribeServiceDeploymentsResponse describeServiceDeployments(DescribeServiceDeploymentsRequest request) {
        return DescribeServiceDeployments.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public DescribeServiceRevisionsResponse describeServiceRevisions(DescribeServiceRevisionsRequest request) {
        return DescribeServiceRevisions.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public StopServiceDeploymentResponse stopServiceDeployment(StopServiceDeploymentRequest request) {
        return decide(request, (image, scope, context) -> StopServiceDeployment.decide(image, request, scope, context));
    }

    // ---- Container instances ----

    @Override
    public UpdateContainerAgentResponse updateContainerAgent(UpdateContainerAgentRequest request) {
        return UpdateContainerAgent.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public DescribeContainerInstancesResponse describeContainerInstances(DescribeContainerInstancesRequest request) {
        return DescribeContainerInstances.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public ListAttributesResponse listAttributes(ListAttributesRequest request) {
        return ListAttributes.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public PutAttributesResponse putAttributes(PutAttributesRequest request) {
        return decide(request, (image, scope, context) -> PutAttributes.decide(image, request, scope));
    }

    @Override
    public DeleteAttributesResponse deleteAttributes(DeleteAttributesRequest request) {
        return decide(request, (image, scope, context) -> DeleteAttributes.decide(image, request, scope));
    }

    @Override
    public ListContainerInstancesResponse listContainerInstances(ListContainerInstancesRequest request) {
        return ListContainerInstances.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    @Override
    public DeregisterContainerInstanceResponse deregisterContainerInstance(DeregisterContainerInstanceRequest request) {
        return decide(request,
                (image, scope, context) -> DeregisterContainerInstance.decide(image, request, scope, context));
    }

    @Override
    public UpdateContainerInstancesStateResponse updateContainerInstancesState(
            UpdateContainerInstancesStateRequest request) {
        return decide(request, (image, scope, context) -> UpdateContainerInstancesState.decide(image, request, scope));
    }

    // ---- Agents ----

    @Override
    public RegisterContainerInstanceResponse registerContainerInstance(RegisterContainerInstanceRequest request) {
        return decide(request,
                (image, scope, context) -> RegisterContainerInstance.decide(image, request, scope, context));
    }

    @Override
    public SubmitTaskStateChangeResponse submitTaskStateChange(SubmitTaskStateChangeRequest request) {
        return decide(request, (image, scope, context) -> SubmitTaskStateChange.decide(image, request, context));
    }

    @Override
    public SubmitContainerStateChangeResponse submitContainerStateChange(SubmitContainerStateChangeRequest request) {
        return decide(request, (image, scope, context) -> SubmitContainerStateChange.decide(image, request));
    }

    @Override
    public SubmitAttachmentStateChangesResponse submitAttachmentStateChanges(
            SubmitAttachmentStateChangesRequest request) {
        return decide(request, (image, scope, context) -> SubmitAttachmentStateChanges.decide(request));
    }

    @Override
    public DiscoverPollEndpointResponse discoverPollEndpoint(DiscoverPollEndpointRequest request) {
        return DiscoverPollEndpoint.read(endpoint.get());
    }

    // ---- Tags ----

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        return decide(request, (image, scope, context) -> TagResource.decide(image, request, scope, context));
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        return decide(request, (image, scope, context) -> UntagResource.decide(image, request, scope, context));
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return ListTagsForResource.read(writer.image(), RequestRules.checked(request), Scope.current());
    }

    // ---- Account settings ----

    @Override
    public PutAccountSettingResponse putAccountSetting(PutAccountSettingRequest request) {
        return decide(request, (image, scope, context) -> PutAccountSetting.decide(image, request, scope, context));
    }

    @Override
    public PutAccountSettingDefaultResponse putAccountSettingDefault(PutAccountSettingDefaultRequest request) {
        return decide(request,
                (image, scope, context) -> PutAccountSettingDefault.decide(image, request, scope, context));
    }

    @Override
    public DeleteAccountSettingResponse deleteAccountSetting(DeleteAccountSettingRequest request) {
        return decide(request, (image, scope, context) -> DeleteAccountSetting.decide(image, request, scope, context));
    }

    @Override
    public ListAccountSettingsResponse listAccountSettings(ListAccountSettingsRequest request) {
        return ListAccountSettings.read(writer.image(), RequestRules.checked(request), Scope.current());
    }
}
