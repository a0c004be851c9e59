package dev.landfall.ecs;

import dev.landfall.ecs.account.DeleteAccountSetting;
import dev.landfall.ecs.account.ListAccountSettings;
import dev.landfall.ecs.account.PutAccountSetting;
import dev.landfall.ecs.account.PutAccountSettingDefault;
import dev.landfall.ecs.agents.DiscoverPollEndpoint;
import dev.landfall.ecs.agents.SubmitAttachmentStateChanges;
import dev.landfall.ecs.agents.SubmitContainerStateChange;
import dev.landfall.ecs.agents.SubmitTaskStateChange;
import dev.landfall.ecs.balance.KnownTargetGroups;
import dev.landfall.ecs.capacity.CapacityPolicy;
import dev.landfall.ecs.capacity.CreateCapacityProvider;
import dev.landfall.ecs.capacity.DeleteCapacityProvider;
import dev.landfall.ecs.capacity.DescribeCapacityProviders;
import dev.landfall.ecs.capacity.Interrupt;
import dev.landfall.ecs.capacity.InterruptEndpoint;
import dev.landfall.ecs.capacity.UpdateCapacityProvider;
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
import dev.landfall.ecs.event.Outbox;
import dev.landfall.ecs.deployment.DescribeServiceDeployments;
import dev.landfall.ecs.deployment.DescribeServiceRevisions;
import dev.landfall.ecs.deployment.ListServiceDeployments;
import dev.landfall.ecs.deployment.StopServiceDeployment;
import dev.landfall.ecs.express.CreateExpressGatewayService;
import dev.landfall.ecs.express.DeleteExpressGatewayService;
import dev.landfall.ecs.express.DescribeExpressGatewayService;
import dev.landfall.ecs.express.UpdateExpressGatewayService;
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
import dev.landfall.ecs.service.UpdateService;
import dev.landfall.ecs.shift.ContinueServiceDeployment;
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
import dev.landfall.wire.Call;
import dev.landfall.wire.LocalEndpoint;
import dev.landfall.wire.SocketEndpoint;
import java.net.URI;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.*;
import software.amazon.awssdk.services.ecs.model.ContinueServiceDeploymentRequest;
import software.amazon.awssdk.services.ecs.model.ContinueServiceDeploymentResponse;
import software.amazon.awssdk.services.elasticloadbalancing.ElasticLoadBalancingClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;

/**
 * Amazon ECS. A table of contents: each operation hands its request to the class named after it, which decides or
 * reads. Owns the threads that keep services alive and the agents' connections; close it before the writer.
 */
public final class Ecs implements EcsClient {
    private final Decisions writer;
    private final Supplier<URI> endpoint;
    private final List<SocketEndpoint> sockets;
    private final CapacityPolicy policy;
    private final ElasticLoadBalancingV2Client balancers;
    private final ElasticLoadBalancingClient classicBalancers;
    private final boolean express;
    private final List<Runnable> closing;

    /**
     * An ECS that tells nobody of events.
     *
     * @param writer its schema has {@link EcsTables#ALL}
     * @param endpoint where agents reach this server; asked when they ask
     */
    public Ecs(Decisions writer, Supplier<URI> endpoint) {
        this(writer, endpoint, Surroundings.NONE);
    }

    /** @param cloudWatch knows the alarms that fail deployments */
    public Ecs(Decisions writer, Supplier<URI> endpoint, CloudWatchClient cloudWatch) {
        this(writer, endpoint, Surroundings.NONE.with(cloudWatch));
    }

    /** @param around the services that this one asks and tells, and what the operator wants */
    public Ecs(Decisions given, Supplier<URI> endpoint, Surroundings around) {
        Decisions writer = around.events().<Decisions>map(told -> new Outbox(given)).orElse(given);
        this.writer = writer;
        this.endpoint = endpoint;
        this.policy = around.capacity();
        this.balancers = around.balancers();
        this.classicBalancers = around.classicBalancers();
        this.express = around.certificates().isPresent();
        var works = Works.begun(given, writer, around);
        this.sockets = works.sockets();
        this.closing = works.closing();
    }

    private Ecs(Decisions writer, Surroundings around) {
        this.writer = writer;
        this.endpoint = () -> URI.create("http://landfall.invalid");
        this.policy = around.capacity();
        this.balancers = around.balancers();
        this.classicBalancers = around.classicBalancers();
        this.express = around.certificates().isPresent();
        this.sockets = List.of();
        this.closing = List.of();
    }

    /** The operations alone, for who looks after services and agents by himself, as a simulator does. */
    public static Ecs operations(Decisions writer) {
        return operations(writer, Surroundings.NONE);
    }

    /** The same, with what it finds around it, of which it asks what its operations need to know. */
    public static Ecs operations(Decisions writer, Surroundings around) {
        return new Ecs(writer, around);
    }

    /** The agent protocol's websocket paths, to be served beside the API. */
    public List<SocketEndpoint> sockets() {
        return sockets;
    }

    /** What AWS has no operation for, for callers on this machine. */
    public List<LocalEndpoint> locals() {
        return List.of(new InterruptEndpoint(request ->
                writer.submit((image, context) -> Interrupt.decide(image, request, policy, context))));
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

    /** The target groups and Classic Load Balancers that a request names. */
    private <R extends EcsRequest> KnownTargetGroups groups(R request, Function<R, List<LoadBalancer>> balancers) {
        return KnownTargetGroups.of(this.balancers, classicBalancers, balancers.apply(RequestRules.checked(request)));
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

    // ---- Capacity providers ----

    @Override
    public CreateCapacityProviderResponse createCapacityProvider(CreateCapacityProviderRequest request) {
        return decide(request, (image, scope, context) -> CreateCapacityProvider.decide(image, request, scope));
    }

    @Override
    public UpdateCapacityProviderResponse updateCapacityProvider(UpdateCapacityProviderRequest request) {
        return decide(request, (image, scope, context) -> UpdateCapacityProvider.decide(image, request, scope));
    }

    @Override
    public DeleteCapacityProviderResponse deleteCapacityProvider(DeleteCapacityProviderRequest request) {
        return decide(request, (image, scope, context) -> DeleteCapacityProvider.decide(image, request, scope));
    }

    @Override
    public DescribeCapacityProvidersResponse describeCapacityProviders(DescribeCapacityProvidersRequest request) {
        return DescribeCapacityProviders.read(writer.image(), RequestRules.checked(request), Scope.current());
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
        var groups = groups(request, CreateServiceRequest::loadBalancers);
        return decide(request, (image, scope, context) -> CreateService.decide(image, request, groups, scope, context));
    }

    @Override
    public UpdateServiceResponse updateService(UpdateServiceRequest request) {
        var groups = groups(request, UpdateServiceRequest::loadBalancers);
        return decide(request, (image, scope, context) -> UpdateService.decide(image, request, groups, scope, context));
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

    // ---- Express services ----

    /** The request, where there is what Express services need. */
    private <R extends SdkPojo> R express(R request) {
        if (!express) {
            throw EcsErrors.unsupportedFeature("Express services need load balancers and certificates.");
        }
        return request;
    }

    @Override
    public CreateExpressGatewayServiceResponse createExpressGatewayService(CreateExpressGatewayServiceRequest given) {
        return decide(express(given), (image, scope, now) ->
                CreateExpressGatewayService.decide(image, given, scope, now));
    }

    @Override
    public UpdateExpressGatewayServiceResponse updateExpressGatewayService(UpdateExpressGatewayServiceRequest given) {
        return decide(express(given), (image, scope, now) ->
                UpdateExpressGatewayService.decide(image, given, scope, now));
    }

    @Override
    public DeleteExpressGatewayServiceResponse deleteExpressGatewayService(DeleteExpressGatewayServiceRequest given) {
        return decide(express(given), (image, scope, now) ->
                DeleteExpressGatewayService.decide(image, given, scope, now));
    }

    @Override
    public DescribeExpressGatewayServiceResponse describeExpressGatewayService(
            DescribeExpressGatewayServiceRequest request) {
        return DescribeExpressGatewayService.read(
                writer.image(), RequestRules.checked(express(request)), Scope.current());
    }

    // ---- Task sets ----

    @Override
    public CreateTaskSetResponse createTaskSet(CreateTaskSetRequest request) {
        var groups = groups(request, CreateTaskSetRequest::loadBalancers);
        return decide(request, (image, scope, context) -> CreateTaskSet.decide(image, request, groups, scope, context));
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

    @Override
    public ContinueServiceDeploymentResponse continueServiceDeployment(ContinueServiceDeploymentRequest request) {
        return decide(request, (image, scope, context) -> ContinueServiceDeployment.decide(image, request, scope));
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
        var named = RegisterContainerInstance.withToken(request, Call.unmodelled("clientToken"));
        return decide(named, (image, scope, context) ->
                RegisterContainerInstance.decide(image, named, scope, context));
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
