package dev.landfall.ecs;

import dev.landfall.ecs.account.AccountSettingRow;
import dev.landfall.ecs.capacity.CapacityProviderRow;
import dev.landfall.ecs.capacity.InterruptionNotice;
import dev.landfall.ecs.cluster.ClusterCounts;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.connect.ServiceConnect;
import dev.landfall.ecs.daemontask.DaemonTaskDefinitionRow;
import dev.landfall.ecs.event.UnsentRow;
import dev.landfall.ecs.deployment.ServiceDeploymentRow;
import dev.landfall.ecs.deployment.ServiceRevisionRow;
import dev.landfall.ecs.express.ExpressRow;
import dev.landfall.ecs.express.GatewayRow;
import dev.landfall.ecs.instance.Absence;
import dev.landfall.ecs.instance.InstanceLoad;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.protection.ProtectionRow;
import dev.landfall.ecs.service.RebalancingRow;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.shift.ShiftRow;
import dev.landfall.ecs.task.Launch;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.TokenRow;
import dev.landfall.ecs.taskdef.FamilyRow;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import dev.landfall.ecs.taskset.TaskSetRow;
import dev.landfall.state.Table;
import dev.landfall.state.Table.Cell;
import dev.landfall.state.Table.Counter;
import dev.landfall.state.Table.Index;
import dev.landfall.state.Table.Order;
import dev.landfall.state.Table.Tally;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;

/** The tables of this service. Keys are ARNs, but for task definitions, whose keys sort by revision. */
public final class EcsTables {
    /** Clusters that are ACTIVE, by {@link #scopeKey}. */
    public static final Index<ClusterRow> CLUSTERS_BY_SCOPE = new Index<>("scope", row ->
            "ACTIVE".equals(row.cluster().status()) ? List.of(scopeKey(Scope.of(row.arn()))) : List.of());

    public static final Table<ClusterRow> CLUSTERS =
            Table.of("ecs_clusters", ClusterRow.class, ClusterRow::arn, CLUSTERS_BY_SCOPE);

    /** Capacity providers that are not INACTIVE, by {@link #scopeKey}. */
    public static final Index<CapacityProviderRow> CAPACITY_PROVIDERS_BY_SCOPE = new Index<>("scope", row ->
            row.active() ? List.of(scopeKey(Scope.of(row.arn()))) : List.of());

    public static final Table<CapacityProviderRow> CAPACITY_PROVIDERS = Table.of("ecs_capacity_providers",
            CapacityProviderRow.class, CapacityProviderRow::arn, CAPACITY_PROVIDERS_BY_SCOPE);

    public static final Table<AccountSettingRow> ACCOUNT_SETTINGS =
            Table.of("ecs_account_settings", AccountSettingRow.class, AccountSettingRow::key);

    /** Families by {@link #scopeKey}. */
    public static final Index<FamilyRow> FAMILIES_BY_SCOPE = Index.on("scope", row ->
            row.key().substring(0, row.key().lastIndexOf('/')));

    public static final Table<FamilyRow> FAMILIES =
            Table.of("ecs_families", FamilyRow.class, FamilyRow::key, FAMILIES_BY_SCOPE);

    /** Revisions by {@link #scopeKey} and status, {@code 000000000000/us-east-1|ACTIVE}. */
    public static final Index<TaskDefinitionRow> REVISIONS_BY_STATUS = Index.on("status", row ->
            scopeKey(Scope.of(row.arn())) + '|' + row.definition().statusAsString());

    public static final Table<TaskDefinitionRow> TASK_DEFINITIONS = Table.of(
            "ecs_task_definitions", TaskDefinitionRow.class,
            row -> revisionKey(Scope.of(row.arn()), row.definition().family(), row.definition().revision()),
            REVISIONS_BY_STATUS);

    /**
     * Tasks that are to stop or have, by cluster ARN. Nearly all others are to run: the keys of the table itself, which
     * begin with the cluster's, tell which.
     */
    public static final Index<TaskRow> TASKS_TO_STOP = new Index<>("to stop", row ->
            row.wanted() ? List.of() : List.of(row.task().clusterArn()));

    /** By cluster ARN, last status and kind of capacity, {@code arn|RUNNING|Fargate}, for the counts of a cluster. */
    public static final Counter<TaskRow> TASKS_BY_CAPACITY = Counter.on("capacity", row -> row.task().clusterArn()
            + '|' + row.task().lastStatus() + '|'
            + ClusterCounts.type(row.task().launchTypeAsString(), row.task().capacityProviderName()));

    /** Tasks that have not stopped, by cluster ARN and capacity provider, {@code arn|FARGATE_SPOT}. */
    public static final Counter<TaskRow> TASKS_BY_PROVIDER = new Counter<>("provider", row -> row.stopped()
            || row.task().capacityProviderName() == null ? List.of()
            : List.of(row.task().clusterArn() + '|' + row.task().capacityProviderName()));

    /** By service ARN and desired status, {@code arn|RUNNING}. */
    public static final Index<TaskRow> TASKS_BY_SERVICE = new Index<>("service", row ->
            row.serviceArn().isEmpty() ? List.of() : List.of(row.serviceArn() + '|' + row.task().desiredStatus()));

    /** Tasks that are wanted to run by service ARN, deployment and {@link Phase}, for the counts of services. */
    public static final Counter<TaskRow> TASKS_BY_PHASE = new Counter<>("phase", row -> row.serviceArn().isEmpty()
            || !row.wanted() ? List.of() : List.of(phaseKey(row.serviceArn(), row.deploymentId(), Phase.of(row))));

    /** Tasks that were told to stop and have not yet, by {@link #deploymentKey}. */
    public static final Counter<TaskRow> TASKS_STOPPING = new Counter<>("stopping", row ->
            row.serviceArn().isEmpty() || row.wanted() || row.stopped() ? List.of()
                    : List.of(deploymentKey(row.serviceArn(), row.deploymentId())));

    /** Tasks that have not stopped, by the instance they were placed on. */
    public static final Index<TaskRow> TASKS_BY_INSTANCE = new Index<>("instance", row ->
            row.stopped() || row.instanceArn().isEmpty() ? List.of() : List.of(row.instanceArn()));

    /** Tasks that have not stopped, by their instance and address in awsvpc mode, {@code arn|10.213.0.2}. */
    public static final Index<TaskRow> TASKS_BY_ADDRESS = new Index<>("address", row ->
            row.stopped() || row.address().isEmpty() ? List.of() : List.of(row.instanceArn() + '|' + row.address()));

    /**
     * Tasks that are wanted to run by {@link #owner} and instance, for spreading tasks over instances. Managed capacity
     * is not told apart.
     */
    public static final Tally<TaskRow> TASKS_BY_PLACE = new Tally<>("place", row ->
            row.wanted() ? place(row) : Optional.empty());

    /** Tasks that are on their way out, likewise. */
    public static final Tally<TaskRow> TASKS_LEAVING = new Tally<>("leaving", row ->
            row.wanted() || row.stopped() ? Optional.empty() : place(row));

    /** Tasks that are wanted to run by {@link #owner} and availability zone. */
    public static final Tally<TaskRow> TASKS_BY_ZONE = new Tally<>("zone", row ->
            row.wanted() ? Optional.ofNullable(row.task().availabilityZone()).map(zone -> new Cell(owner(row), zone))
                    : Optional.empty());

    /** Tasks of which target groups may have targets, by the target group's ARN. */
    public static final Index<TaskRow> TASKS_BY_TARGET_GROUP = new Index<>("target group", row ->
            row.targetGroups());

    /**
     * Stopped tasks by the second they stopped in, {@code 01795164377}, for their removal an hour later; not before
     * their targets are gone, which nobody else would know of.
     */
    public static final Index<TaskRow> TASKS_BY_STOP = new Index<>("stop", row ->
            row.stopped() && !row.targeted() ? List.of(second(row.task().stoppedAt().getEpochSecond())) : List.of());

    /** FARGATE_SPOT tasks that are wanted to run, by cluster ARN. */
    public static final Index<TaskRow> TASKS_ON_SPOT = new Index<>("spot", row ->
            row.wanted() && Launch.FARGATE_SPOT.equals(row.task().capacityProviderName())
                    ? List.of(row.task().clusterArn()) : List.of());

    public static final Table<TaskRow> TASKS = Table.of("ecs_tasks", TaskRow.class, TaskRow::arn,
            TASKS_TO_STOP, TASKS_BY_TARGET_GROUP, TASKS_BY_SERVICE, TASKS_BY_INSTANCE, TASKS_BY_ADDRESS,
            TASKS_BY_STOP, TASKS_ON_SPOT, TASKS_BY_PHASE, TASKS_STOPPING, TASKS_BY_CAPACITY, TASKS_BY_PROVIDER,
            TASKS_BY_PLACE, TASKS_LEAVING, TASKS_BY_ZONE);

    /** Services that are not INACTIVE, by cluster ARN. */
    public static final Index<ServiceRow> SERVICES_BY_CLUSTER = new Index<>("cluster", row ->
            "INACTIVE".equals(row.service().status()) ? List.of() : List.of(row.service().clusterArn()));

    /** Services that are not INACTIVE, by {@link #scopeKey} and Service Connect namespace. */
    public static final Index<ServiceRow> SERVICES_BY_NAMESPACE = new Index<>("namespace", row ->
            ServiceConnect.namespace(row.service())
                    .map(namespace -> List.of(scopeKey(Scope.of(row.arn())) + '|' + namespace)).orElse(List.of()));

    /** Services with a task on each instance of their cluster, by cluster ARN. */
    public static final Index<ServiceRow> DAEMONS_BY_CLUSTER = new Index<>("daemons", row ->
            row.service().schedulingStrategy() != SchedulingStrategy.DAEMON
                    || "INACTIVE".equals(row.service().status()) ? List.of() : List.of(row.service().clusterArn()));

    public static final Table<ServiceRow> SERVICES = Table.of(
            "ecs_services", ServiceRow.class, ServiceRow::arn,
            SERVICES_BY_CLUSTER, SERVICES_BY_NAMESPACE, DAEMONS_BY_CLUSTER);

    public static final Table<RebalancingRow> REBALANCINGS =
            Table.of("ecs_rebalancings", RebalancingRow.class, RebalancingRow::serviceArn);

    /** By service ARN. */
    public static final Index<ProtectionRow> PROTECTIONS_BY_SERVICE = Index.on("service", ProtectionRow::serviceArn);

    public static final Table<ProtectionRow> PROTECTIONS =
            Table.of("ecs_protections", ProtectionRow.class, ProtectionRow::taskArn, PROTECTIONS_BY_SERVICE);

    /** Task sets by service ARN. */
    public static final Index<TaskSetRow> TASK_SETS_BY_SERVICE = Index.on("service", row -> row.taskSet().serviceArn());

    public static final Table<TaskSetRow> TASK_SETS =
            Table.of("ecs_task_sets", TaskSetRow.class, TaskSetRow::arn, TASK_SETS_BY_SERVICE);

    /** By service ARN. */
    public static final Index<ServiceDeploymentRow> SERVICE_DEPLOYMENTS_BY_SERVICE =
            Index.on("service", row -> row.deployment().serviceArn());

    public static final Index<ServiceDeploymentRow> SERVICE_DEPLOYMENTS_BY_ARN =
            Index.on("arn", ServiceDeploymentRow::arn);

    /** Those that have ended, by the second they did. */
    public static final Index<ServiceDeploymentRow> SERVICE_DEPLOYMENTS_BY_FINISH = new Index<>("finish", row ->
            row.deployment().finishedAt() == null ? List.of()
                    : List.of(second(row.deployment().finishedAt().getEpochSecond())));

    /** Those that go on, under {@code ongoing}. */
    public static final Index<ServiceDeploymentRow> SERVICE_DEPLOYMENTS_ONGOING =
            new Index<>("ongoing", row -> row.ongoing() ? List.of("ongoing") : List.of());

    /** Keys sort by service, then by age: {@link #serviceDeploymentKey}. */
    public static final Table<ServiceDeploymentRow> SERVICE_DEPLOYMENTS = Table.of(
            "ecs_service_deployments", ServiceDeploymentRow.class, ServiceDeploymentRow::key,
            SERVICE_DEPLOYMENTS_BY_SERVICE, SERVICE_DEPLOYMENTS_BY_ARN, SERVICE_DEPLOYMENTS_BY_FINISH,
            SERVICE_DEPLOYMENTS_ONGOING);

    public static final Table<ServiceRevisionRow> SERVICE_REVISIONS =
            Table.of("ecs_service_revisions", ServiceRevisionRow.class, ServiceRevisionRow::arn);

    /** By service ARN: deployments that shift traffic between two revisions. */
    public static final Table<ShiftRow> SHIFTS = Table.of("ecs_shifts", ShiftRow.class, ShiftRow::serviceArn);

    /** Express services that are not gone, by the key of their gateway. */
    public static final Index<ExpressRow> EXPRESS_SERVICES_BY_GATEWAY = new Index<>("gateway", row ->
            row.gone() ? List.of() : List.of(row.gateway()));

    /** Express services, beside their rows in {@link #SERVICES}. */
    public static final Table<ExpressRow> EXPRESS_SERVICES = Table.of("ecs_express_services", ExpressRow.class,
            ExpressRow::serviceArn, EXPRESS_SERVICES_BY_GATEWAY);

    /** The load balancers that Express services share; keys begin with {@link #scopeKey}. */
    public static final Table<GatewayRow> EXPRESS_GATEWAYS =
            Table.of("ecs_express_gateways", GatewayRow.class, GatewayRow::key);

    /** Stands for a cluster's ARN where managed capacity is looked up. */
    public static final String MANAGED = "managed";

    /** Enough for any {@link #memoryKey}. */
    public static final int MEMORY_DIGITS = 10;

    /** Enough for the tasks of an instance. */
    public static final int TASKS_DIGITS = 8;

    /** Enough for any {@link #cpuKey}. */
    public static final int CPU_DIGITS = 10;

    /** Registered instances by cluster ARN; managed ones stand under {@link #MANAGED}. */
    public static final Index<InstanceRow> INSTANCES_BY_CLUSTER = new Index<>("cluster", row ->
            "INACTIVE".equals(row.instance().status()) ? List.of()
                    : List.of(row.managed() ? MANAGED : row.clusterArn()));

    /** Instances that are being drained, by cluster ARN. */
    public static final Index<InstanceRow> INSTANCES_DRAINING = new Index<>("draining", row ->
            "DRAINING".equals(row.instance().status()) ? List.of(row.clusterArn()) : List.of());

    /** Registered instances by {@link #tokenKey}. */
    public static final Index<InstanceRow> INSTANCES_BY_TOKEN = new Index<>("token", row ->
            row.token().isEmpty() || "INACTIVE".equals(row.instance().status()) ? List.of()
                    : List.of(tokenKey(Scope.of(row.arn()), row.clusterArn(), row.token())));

    /** ACTIVE instances whose agent is not connected, by cluster ARN. */
    public static final Index<InstanceRow> INSTANCES_AWAY = new Index<>("away", row ->
            row.managed() || row.open() || !"ACTIVE".equals(row.instance().status()) ? List.of()
                    : List.of(row.clusterArn()));

    /** Registered instances by {@link #attributeKey}, managed ones excepted. */
    public static final Index<InstanceRow> INSTANCES_BY_ATTRIBUTE =
            new Index<>("attribute", EcsTables::attributeKeys);

    /**
     * Instances that take tasks, by pool and Availability Zone, {@code arn|us-east-1a}, also by the pool of their
     * capacity provider.
     */
    public static final Index<InstanceRow> INSTANCES_BY_ZONE = new Index<>("zone", row -> {
        if (!row.open()) {
            return List.of();
        }
        String all = (row.managed() ? MANAGED : row.clusterArn()) + '|' + row.zone();
        return row.capacityProvider().isEmpty() || row.managed() ? List.of(all)
                : List.of(all, poolKey(row.clusterArn(), row.capacityProvider()) + '|' + row.zone());
    });

    public static final Table<InstanceRow> INSTANCES = Table.of("ecs_instances", InstanceRow.class, InstanceRow::arn,
            INSTANCES_BY_CLUSTER, INSTANCES_DRAINING, INSTANCES_AWAY, INSTANCES_BY_TOKEN, INSTANCES_BY_ZONE,
            INSTANCES_BY_ATTRIBUTE);

    /**
     * Registered instances by pool and zone, also by the pool of their capacity provider; first those that are open and
     * have CPU to spare, then the open ones that have not, then the rest; of each those with the most memory left
     * first, then with the fewest tasks.
     */
    public static final Order<InstanceLoad> LOADS_BY_ROOM = new Order<>("room", load -> {
        String all = roomPrefix(load.pool(), load.zone()) + rank(load);
        return load.capacityProvider().isEmpty() ? List.of(all)
                : List.of(all, roomPrefix(poolKey(load.pool(), load.capacityProvider()), load.zone()) + rank(load));
    });

    /**
     * Instances that take tasks by pool and zone, also by the pool of their capacity provider, those with the least CPU
     * left first, then by {@link #rank}. Managed ones share their CPU and are left out.
     */
    public static final Order<InstanceLoad> LOADS_BY_CPU = new Order<>("cpu", load -> {
        if (!load.open() || load.pool().equals(MANAGED) || load.cpuLeft() < 0) {
            return List.of();
        }
        String rest = cpuKey(load.cpuLeft()) + rank(load);
        String all = roomPrefix(load.pool(), load.zone()) + rest;
        return load.capacityProvider().isEmpty() ? List.of(all)
                : List.of(all, roomPrefix(poolKey(load.pool(), load.capacityProvider()), load.zone()) + rest);
    });

    public static final Table<InstanceLoad> LOADS =
            Table.of("ecs_loads", InstanceLoad.class, InstanceLoad::instanceArn, LOADS_BY_ROOM, LOADS_BY_CPU);

    /** Agents that are gone, by their instance. */
    public static final Table<Absence> ABSENCES = Table.of("ecs_absences", Absence.class, Absence::instanceArn);

    public static final Table<InterruptionNotice> INTERRUPTION_NOTICES =
            Table.of("ecs_interruption_notices", InterruptionNotice.class, InterruptionNotice::instanceArn);

    public static final Table<TokenRow> TOKENS = Table.of("ecs_tokens", TokenRow.class, TokenRow::key);

    /** Revisions of daemon task definitions by {@link #scopeKey} and status, as {@link #REVISIONS_BY_STATUS}. */
    public static final Index<DaemonTaskDefinitionRow> DAEMON_REVISIONS_BY_STATUS = Index.on("status", row ->
            scopeKey(Scope.of(row.arn())) + '|' + row.definition().statusAsString());

    /** Those that are being deleted, under {@link #DELETING}. */
    public static final Index<DaemonTaskDefinitionRow> DAEMON_REVISIONS_DELETING = new Index<>("deleting", row ->
            row.definition().deleteRequestedAt() == null ? List.of() : List.of(EcsTables.DELETING));

    public static final String DELETING = "deleting";

    public static final Table<DaemonTaskDefinitionRow> DAEMON_TASK_DEFINITIONS = Table.of(
            "ecs_daemon_task_definitions", DaemonTaskDefinitionRow.class,
            row -> revisionKey(Scope.of(row.arn()), row.definition().family(), row.definition().revision()),
            DAEMON_REVISIONS_BY_STATUS, DAEMON_REVISIONS_DELETING);

    public static final Table<FamilyRow> DAEMON_FAMILIES =
            Table.of("ecs_daemon_families", FamilyRow.class, FamilyRow::key);

    /** What EventBridge has not been told of yet; only where there is one. */
    public static final Table<UnsentRow> UNSENT = Table.of("ecs_unsent", UnsentRow.class, UnsentRow::arn);

    public static final List<Table<?>> ALL = List.of(CLUSTERS, ACCOUNT_SETTINGS, FAMILIES, TASK_DEFINITIONS, TASKS,
            SERVICES, TASK_SETS, REBALANCINGS, PROTECTIONS, SERVICE_DEPLOYMENTS, SERVICE_REVISIONS, SHIFTS, INSTANCES,
            LOADS, TOKENS, DAEMON_TASK_DEFINITIONS, DAEMON_FAMILIES, UNSENT, CAPACITY_PROVIDERS,
            ABSENCES, INTERRUPTION_NOTICES, EXPRESS_SERVICES, EXPRESS_GATEWAYS);

    private EcsTables() {}

    /** How far a service's task has come. */
    public enum Phase {
        STARTING,
        RUNNING,
        HEALTHY,
        UNHEALTHY;

        static Phase of(TaskRow row) {
            return row.unhealthy() ? UNHEALTHY : row.healthy() ? HEALTHY : row.running() ? RUNNING : STARTING;
        }
    }

    public static String phaseKey(String serviceArn, String deploymentId, Phase phase) {
        return serviceArn + '|' + deploymentId + '|' + phase;
    }

    public static String deploymentKey(String serviceArn, String deploymentId) {
        return serviceArn + '|' + deploymentId;
    }

    /** Whose tasks are spread together: those of a service, else those of a task group in its cluster. */
    public static String owner(String serviceArn, String clusterArn, String group) {
        return serviceArn.isEmpty() ? clusterArn + '|' + group : serviceArn;
    }

    private static String owner(TaskRow row) {
        return owner(row.serviceArn(), row.task().clusterArn(), row.task().group());
    }

    private static Optional<Cell> place(TaskRow row) {
        return row.task().containerInstanceArn() == null ? Optional.empty()
                : Optional.of(new Cell(owner(row), row.instanceArn()));
    }

    /** The pool of a cluster's instances that belong to one capacity provider. */
    public static String poolKey(String clusterArn, String capacityProvider) {
        return clusterArn + '#' + capacityProvider;
    }

    /** @param clusterArn empty for managed capacity */
    public static String tokenKey(Scope scope, String clusterArn, String token) {
        return scopeKey(scope) + '|' + clusterArn + '|' + token;
    }

    /** How promising an instance is; the least text is the best. */
    public static String rank(InstanceLoad load) {
        return (!load.open() ? '2' : load.tight() ? '1' : '0') + memoryKey(load.memoryLeft())
                + padded(TASKS_DIGITS, load.tasks());
    }

    /** The cluster of a pool, be it all of its instances or those of one capacity provider. */
    public static String clusterOf(String pool) {
        int provider = pool.indexOf('#');
        return provider < 0 ? pool : pool.substring(0, provider);
    }

    /** Of the instances of a cluster that have an attribute with that value. */
    public static String attributeKey(String clusterArn, String name, String value) {
        return clusterArn + '|' + name + '=' + value;
    }

    private static List<String> attributeKeys(InstanceRow row) {
        return row.managed() || "INACTIVE".equals(row.instance().status()) ? List.of()
                : row.instance().attributes().stream().map(each -> attributeKey(
                        row.clusterArn(), each.name(), each.value() == null ? "" : each.value())).toList();
    }

    /** What the values of {@link #LOADS_BY_ROOM} begin with. */
    public static String roomPrefix(String pool) {
        return pool + '|';
    }

    /** What the values of {@link #LOADS_BY_ROOM} begin with for one zone. */
    public static String roomPrefix(String pool, String zone) {
        return pool + '|' + zone + '|';
    }

    /** A text that sorts before others the more MiB it stands for. */
    public static String memoryKey(int mebibytes) {
        return padded(MEMORY_DIGITS, (long) Integer.MAX_VALUE - mebibytes);
    }

    /** The MiB of a {@link #memoryKey}. */
    public static long memoryOf(String memoryKey) {
        return Integer.MAX_VALUE - Long.parseLong(memoryKey);
    }

    /** CPU units, of which there are never less than none, as a text of {@link #CPU_DIGITS} that sorts like them. */
    public static String cpuKey(int units) {
        return padded(CPU_DIGITS, units);
    }

    public static String scopeKey(Scope scope) {
        return scope.accountId() + '/' + scope.region();
    }

    public static String familyKey(Scope scope, String family) {
        return scopeKey(scope) + '/' + family;
    }

    /** Sorts by family, then by revision: {@code #} is less than every character of a family's name. */
    public static String revisionKey(Scope scope, String family, int revision) {
        return familyKey(scope, family) + '#' + padded(10, revision);
    }

    /** {@code arn|milliseconds|id}. */
    public static String serviceDeploymentKey(String serviceArn, Instant createdAt, String arn) {
        return serviceArn + '|' + padded(14, createdAt.toEpochMilli()) + '|' + arn.substring(arn.lastIndexOf('/') + 1);
    }

    /** An epoch second as a text that sorts like the number. */
    public static String second(long epochSecond) {
        return padded(11, epochSecond);
    }

    /**
     * A number with zeros in front, so that texts sort as numbers do; {@code String.format} is slow, and this is not.
     */
    private static String padded(int digits, long number) {
        String text = Long.toString(number);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }
}
