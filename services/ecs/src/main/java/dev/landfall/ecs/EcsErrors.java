package dev.landfall.ecs;

import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.ecs.model.AttributeLimitExceededException;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterContainsContainerInstancesException;
import software.amazon.awssdk.services.ecs.model.ClusterContainsServicesException;
import software.amazon.awssdk.services.ecs.model.ClusterContainsTasksException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LimitExceededException;
import software.amazon.awssdk.services.ecs.model.MissingVersionException;
import software.amazon.awssdk.services.ecs.model.NamespaceNotFoundException;
import software.amazon.awssdk.services.ecs.model.NoUpdateAvailableException;
import software.amazon.awssdk.services.ecs.model.PlatformTaskDefinitionIncompatibilityException;
import software.amazon.awssdk.services.ecs.model.PlatformUnknownException;
import software.amazon.awssdk.services.ecs.model.ResourceInUseException;
import software.amazon.awssdk.services.ecs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentNotFoundException;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;
import software.amazon.awssdk.services.ecs.model.TargetNotConnectedException;
import software.amazon.awssdk.services.ecs.model.TargetNotFoundException;
import software.amazon.awssdk.services.ecs.model.TaskSetNotFoundException;
import software.amazon.awssdk.services.ecs.model.UnsupportedFeatureException;
import software.amazon.awssdk.services.ecs.model.UpdateInProgressException;

/** The caller's mistakes, as ECS words them; all are answered with status 400. */
public final class EcsErrors {
    private EcsErrors() {}

    public static InvalidParameterException invalidParameter(String message) {
        return fill(InvalidParameterException.builder(), "InvalidParameterException", message);
    }

    public static ClientException client(String message) {
        return fill(ClientException.builder(), "ClientException", message);
    }

    public static ClusterNotFoundException clusterNotFound() {
        return fill(ClusterNotFoundException.builder(), "ClusterNotFoundException", "Cluster not found.");
    }

    /** A cluster that was deleted, and is still described. */
    public static ClusterNotFoundException clusterInactive() {
        return fill(ClusterNotFoundException.builder(), "ClusterNotFoundException",
                "The referenced cluster was inactive.");
    }

    public static ServiceNotFoundException serviceNotFound() {
        return fill(ServiceNotFoundException.builder(), "ServiceNotFoundException", "Service not found.");
    }

    public static ServiceDeploymentNotFoundException serviceDeploymentNotFound() {
        return serviceDeploymentNotFound("Service deployment not found.");
    }

    public static ServiceDeploymentNotFoundException serviceDeploymentNotFound(String message) {
        return fill(ServiceDeploymentNotFoundException.builder(), "ServiceDeploymentNotFoundException", message);
    }

    public static ServiceNotActiveException serviceNotActive() {
        return fill(ServiceNotActiveException.builder(), "ServiceNotActiveException", "Service was not ACTIVE.");
    }

    public static ServiceNotActiveException serviceNotActive(String message) {
        return fill(ServiceNotActiveException.builder(), "ServiceNotActiveException", message);
    }

    public static ResourceNotFoundException resourceNotFound(String message) {
        return fill(ResourceNotFoundException.builder(), "ResourceNotFoundException", message);
    }

    public static ClusterContainsTasksException clusterContainsTasks() {
        return fill(ClusterContainsTasksException.builder(), "ClusterContainsTasksException",
                "The Cluster cannot be deleted while Tasks are active.");
    }

    public static ClusterContainsServicesException clusterContainsServices() {
        return fill(ClusterContainsServicesException.builder(), "ClusterContainsServicesException",
                "The Cluster cannot be deleted while Services are active.");
    }

    public static ClusterContainsContainerInstancesException clusterContainsContainerInstances() {
        return fill(ClusterContainsContainerInstancesException.builder(), "ClusterContainsContainerInstancesException",
                "The Cluster cannot be deleted while Container Instances are active or draining.");
    }

    /** A client token that was used for another request; {@code resourceIds} are what it had made. */
    public static ConflictException conflict(String message, List<String> resourceIds) {
        return fill(ConflictException.builder().resourceIds(resourceIds), "ConflictException", message);
    }

    public static ResourceInUseException resourceInUse(String message) {
        return fill(ResourceInUseException.builder(), "ResourceInUseException", message);
    }

    public static UpdateInProgressException updateInProgress(String message) {
        return fill(UpdateInProgressException.builder(), "UpdateInProgressException", message);
    }

    public static UnsupportedFeatureException unsupportedFeature(String message) {
        return fill(UnsupportedFeatureException.builder(), "UnsupportedFeatureException", message);
    }

    public static PlatformUnknownException platformUnknown() {
        return fill(PlatformUnknownException.builder(), "PlatformUnknownException",
                "The specified platform version does not exist.");
    }

    public static TargetNotConnectedException targetNotConnected() {
        return fill(TargetNotConnectedException.builder(), "TargetNotConnectedException",
                "The execute command failed due to an internal error. Try again later.");
    }

    public static NoUpdateAvailableException noUpdateAvailable() {
        return fill(NoUpdateAvailableException.builder(), "NoUpdateAvailableException",
                "There is no update available for your container agent.");
    }

    public static MissingVersionException missingVersion() {
        return fill(MissingVersionException.builder(), "MissingVersionException",
                "Amazon ECS is unable to determine the current version of the Amazon ECS container agent on the "
                + "container instance and does not have enough information to proceed with an update.");
    }

    public static NamespaceNotFoundException namespaceNotFound(String namespace) {
        return fill(NamespaceNotFoundException.builder(), "NamespaceNotFoundException",
                "Failed to retrieve namespace for " + namespace);
    }

    public static LimitExceededException limitExceeded(String message) {
        return fill(LimitExceededException.builder(), "LimitExceededException", message);
    }

    public static PlatformTaskDefinitionIncompatibilityException platformIncompatible() {
        return fill(PlatformTaskDefinitionIncompatibilityException.builder(),
                "PlatformTaskDefinitionIncompatibilityException",
                "One or more of the requested capabilities are not supported.");
    }

    public static TaskSetNotFoundException taskSetNotFound() {
        return fill(TaskSetNotFoundException.builder(), "TaskSetNotFoundException", "TaskSet not found.");
    }

    /** In the words of the API reference. */
    public static TargetNotFoundException targetNotFound() {
        return fill(TargetNotFoundException.builder(), "TargetNotFoundException",
                "The specified target wasn't found. You can view your available container instances with "
                        + "ListContainerInstances. Amazon ECS container instances are cluster-specific and "
                        + "Region-specific.");
    }

    /** In the words of the API reference. */
    public static AttributeLimitExceededException attributeLimitExceeded() {
        return fill(AttributeLimitExceededException.builder(), "AttributeLimitExceededException",
                "You can apply up to 10 custom attributes for each resource. You can view the attributes of a resource "
                        + "with ListAttributes. You can remove existing attributes on a resource with "
                        + "DeleteAttributes.");
    }

    /** Completes any of the model's exceptions. */
    @SuppressWarnings("unchecked") // every exception's own builder builds that exception
    public static <E extends EcsException> E fill(EcsException.Builder builder, String code, String message) {
        return (E) builder.message(message)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .serviceName("Ecs").errorCode(code).errorMessage(message).build())
                .statusCode(400)
                .build();
    }
}
