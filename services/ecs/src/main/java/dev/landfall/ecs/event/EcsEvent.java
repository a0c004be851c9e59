package dev.landfall.ecs.event;

import java.time.Instant;

/**
 * One event as EventBridge is told of it; EventBridge puts the envelope around it.
 *
 * @param resource the ARN of what it is about, with the account and region it happens in
 * @param detail a JSON object
 */
public record EcsEvent(String detailType, String resource, Instant time, String detail) {
    public static final String SOURCE = "aws.ecs";
    public static final String TASK = "ECS Task State Change";
    public static final String INSTANCE = "ECS Container Instance State Change";
    public static final String SERVICE = "ECS Service Action";
    public static final String DEPLOYMENT = "ECS Deployment State Change";
    public static final String HOOK = "ECS Hook State Change";
}
