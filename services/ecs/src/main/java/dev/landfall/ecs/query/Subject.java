package dev.landfall.ecs.query;

import static dev.landfall.ecs.query.Operator.EQUALS;
import static dev.landfall.ecs.query.Operator.EXISTS;
import static dev.landfall.ecs.query.Operator.GREATER_THAN;
import static dev.landfall.ecs.query.Operator.GREATER_THAN_EQUAL;
import static dev.landfall.ecs.query.Operator.IN;
import static dev.landfall.ecs.query.Operator.LESS_THAN;
import static dev.landfall.ecs.query.Operator.LESS_THAN_EQUAL;
import static dev.landfall.ecs.query.Operator.MATCHES;
import static dev.landfall.ecs.query.Operator.NOT_EQUALS;
import static dev.landfall.ecs.query.Operator.NOT_EXISTS;
import static dev.landfall.ecs.query.Operator.NOT_IN;
import static dev.landfall.ecs.query.Operator.NOT_MATCHES;

import java.util.EnumSet;
import java.util.Set;

/** What an expression looks at (ECS Developer Guide, Cluster query language, Subject). */
public sealed interface Subject {
    /** Whether AWS lists the operator for it. */
    boolean takes(Operator operator);

    /** An attribute of the instance, built in or custom. */
    record Attribute(String name) implements Subject {
        static final String PREFIX = "attribute:";

        @Override
        public boolean takes(Operator operator) {
            return true;
        }

        @Override
        public String toString() {
            return PREFIX + name;
        }
    }

    /** A property every instance has. */
    enum Field implements Subject {
        AGENT_CONNECTED("agentConnected", EnumSet.of(EQUALS, NOT_EQUALS, IN, NOT_IN, MATCHES, NOT_MATCHES)),
        AGENT_VERSION("agentVersion", Field.ordered()),
        EC2_INSTANCE_ID("ec2InstanceId", EnumSet.of(EQUALS, NOT_EQUALS, IN, NOT_IN, MATCHES, NOT_MATCHES)),
        REGISTERED_AT("registeredAt", Field.ordered()),
        RUNNING_TASKS_COUNT("runningTasksCount", Field.ordered()),
        /** The groups of all tasks on the instance: any of them may satisfy, and none may for a negative operator. */
        TASK_GROUP("task:group",
                EnumSet.of(EQUALS, NOT_EQUALS, IN, NOT_IN, MATCHES, NOT_MATCHES, EXISTS, NOT_EXISTS));

        private final String spelling;
        private final Set<Operator> operators;

        Field(String spelling, Set<Operator> operators) {
            this.spelling = spelling;
            this.operators = operators;
        }

        private static Set<Operator> ordered() {
            return EnumSet.of(EQUALS, NOT_EQUALS, GREATER_THAN, GREATER_THAN_EQUAL, LESS_THAN, LESS_THAN_EQUAL);
        }

        @Override
        public boolean takes(Operator operator) {
            return operators.contains(operator);
        }

        @Override
        public String toString() {
            return spelling;
        }
    }
}
