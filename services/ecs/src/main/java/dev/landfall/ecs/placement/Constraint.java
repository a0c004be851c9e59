package dev.landfall.ecs.placement;

import dev.landfall.ecs.query.Expression;

/** What an instance has to satisfy, whatever room it has (ECS Developer Guide, Task placement constraints). */
public sealed interface Constraint {
    /** No other task of the same service, or of the same group, on the instance. */
    record DistinctInstance() implements Constraint {}

    record MemberOf(Expression expression) implements Constraint {}
}
