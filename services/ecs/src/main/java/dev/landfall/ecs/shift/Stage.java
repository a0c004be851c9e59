package dev.landfall.ecs.shift;

import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookStage;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentLifecycleStage;

/**
 * How far a deployment has come that runs two revisions beside each other: first the way forward, then the way back,
 * which begins where the way forward is left (ECS Developer Guide, Deployment lifecycle stages).
 */
public enum Stage {
    /** Only where more revisions have tasks than the one that has the traffic: the others go first. */
    RECONCILE_SERVICE(ServiceDeploymentLifecycleStage.RECONCILE_SERVICE),
    PRE_SCALE_UP(ServiceDeploymentLifecycleStage.PRE_SCALE_UP),
    SCALE_UP(ServiceDeploymentLifecycleStage.SCALE_UP),
    POST_SCALE_UP(ServiceDeploymentLifecycleStage.POST_SCALE_UP),
    TEST_TRAFFIC_SHIFT(ServiceDeploymentLifecycleStage.TEST_TRAFFIC_SHIFT),
    POST_TEST_TRAFFIC_SHIFT(ServiceDeploymentLifecycleStage.POST_TEST_TRAFFIC_SHIFT),

    /** Before each step. Hooks know it, but it is none of the stages that a service deployment shows. */
    PRE_PRODUCTION_TRAFFIC_SHIFT(ServiceDeploymentLifecycleStage.PRODUCTION_TRAFFIC_SHIFT),

    /** One step, the wait after it included. */
    PRODUCTION_TRAFFIC_SHIFT(ServiceDeploymentLifecycleStage.PRODUCTION_TRAFFIC_SHIFT),
    POST_PRODUCTION_TRAFFIC_SHIFT(ServiceDeploymentLifecycleStage.POST_PRODUCTION_TRAFFIC_SHIFT),
    BAKE_TIME(ServiceDeploymentLifecycleStage.BAKE_TIME),

    /** There is no way back any more: blue goes. */
    CLEAN_UP(ServiceDeploymentLifecycleStage.CLEAN_UP),
    PRODUCTION_TRAFFIC_BACK(ServiceDeploymentLifecycleStage.PRODUCTION_TRAFFIC_SHIFT),
    TEST_TRAFFIC_BACK(ServiceDeploymentLifecycleStage.TEST_TRAFFIC_SHIFT),

    /** Green goes. */
    CLEAN_UP_BACK(ServiceDeploymentLifecycleStage.CLEAN_UP),

    /** Ended where it stood, until the next deployment reconciles the service. */
    HALTED(ServiceDeploymentLifecycleStage.CLEAN_UP);

    private final ServiceDeploymentLifecycleStage shown;

    Stage(ServiceDeploymentLifecycleStage shown) {
        this.shown = shown;
    }

    /** As DescribeServiceDeployments has it. */
    public ServiceDeploymentLifecycleStage shown() {
        return shown;
    }

    /** As lifecycle hooks call it; nothing where there can be none. */
    public Optional<DeploymentLifecycleHookStage> hooks() {
        return switch (this) {
            case RECONCILE_SERVICE -> Optional.of(DeploymentLifecycleHookStage.RECONCILE_SERVICE);
            case PRE_SCALE_UP -> Optional.of(DeploymentLifecycleHookStage.PRE_SCALE_UP);
            case POST_SCALE_UP -> Optional.of(DeploymentLifecycleHookStage.POST_SCALE_UP);
            case TEST_TRAFFIC_SHIFT, TEST_TRAFFIC_BACK -> Optional.of(DeploymentLifecycleHookStage.TEST_TRAFFIC_SHIFT);
            case POST_TEST_TRAFFIC_SHIFT -> Optional.of(DeploymentLifecycleHookStage.POST_TEST_TRAFFIC_SHIFT);
            case PRE_PRODUCTION_TRAFFIC_SHIFT -> Optional.of(DeploymentLifecycleHookStage.PRE_PRODUCTION_TRAFFIC_SHIFT);
            case PRODUCTION_TRAFFIC_SHIFT, PRODUCTION_TRAFFIC_BACK ->
                Optional.of(DeploymentLifecycleHookStage.PRODUCTION_TRAFFIC_SHIFT);
            case POST_PRODUCTION_TRAFFIC_SHIFT ->
                Optional.of(DeploymentLifecycleHookStage.POST_PRODUCTION_TRAFFIC_SHIFT);
            case SCALE_UP, BAKE_TIME, CLEAN_UP, CLEAN_UP_BACK, HALTED -> Optional.empty();
        };
    }

    /** Whether the deployment can still be rolled back from here. */
    public boolean forward() {
        return compareTo(CLEAN_UP) < 0;
    }

    public boolean back() {
        return this == PRODUCTION_TRAFFIC_BACK || this == TEST_TRAFFIC_BACK || this == CLEAN_UP_BACK;
    }
}
