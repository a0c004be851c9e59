package dev.landfall.ecs.deployment;

/**
 * What CloudWatch says of an alarm.
 *
 * @param seconds how long the alarm needs to notice something: its evaluation periods, one after the other
 */
public record AlarmState(String name, boolean alarm, int seconds) {}
