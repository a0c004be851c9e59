package dev.landfall.ecs.shift;

import java.util.OptionalDouble;

/**
 * How much of its traffic a route's rules are to give to green at a stage, in percent; nothing where they may do as
 * they do. From the first stage on blue has all of it until green gets some, whatever somebody has made of the rules
 * since.
 */
record Wanted(OptionalDouble production, OptionalDouble test) {
    private static final Wanted NOTHING = new Wanted(OptionalDouble.empty(), OptionalDouble.empty());

    static Wanted of(ShiftRow shift, Route route) {
        boolean network = !route.productionRule().contains(":listener-rule/");
        Wanted wanted = network ? ofNetwork(shift) : ofApplication(shift);
        return route.testRule().isEmpty() ? new Wanted(wanted.production, OptionalDouble.empty()) : wanted;
    }

    private static Wanted ofApplication(ShiftRow shift) {
        boolean blue = shift.sides().hasBlue();
        return switch (shift.stage()) {
            case RECONCILE_SERVICE -> blue ? new Wanted(none(), none()) : NOTHING;
            case PRE_SCALE_UP -> blue ? new Wanted(none(), OptionalDouble.empty()) : NOTHING;
            case TEST_TRAFFIC_SHIFT -> new Wanted(OptionalDouble.empty(), OptionalDouble.of(Steps.ALL));
            case PRODUCTION_TRAFFIC_SHIFT, PRODUCTION_TRAFFIC_BACK ->
                new Wanted(OptionalDouble.of(shift.productionPercent()), OptionalDouble.empty());
            case TEST_TRAFFIC_BACK -> new Wanted(OptionalDouble.empty(), none());
            case SCALE_UP, POST_SCALE_UP, POST_TEST_TRAFFIC_SHIFT, PRE_PRODUCTION_TRAFFIC_SHIFT,
                    POST_PRODUCTION_TRAFFIC_SHIFT, BAKE_TIME, CLEAN_UP, CLEAN_UP_BACK, HALTED -> NOTHING;
        };
    }

    /**
     * Before green's tasks are there the production listener has their group, with no weight: it may be the only one
     * that could, and what no listener has is not checked for its health.
     */
    private static Wanted ofNetwork(ShiftRow shift) {
        return switch (shift.stage()) {
            case PRE_SCALE_UP -> new Wanted(none(), OptionalDouble.empty());
            case RECONCILE_SERVICE, SCALE_UP, POST_SCALE_UP, TEST_TRAFFIC_SHIFT, POST_TEST_TRAFFIC_SHIFT,
                    PRE_PRODUCTION_TRAFFIC_SHIFT, PRODUCTION_TRAFFIC_SHIFT, POST_PRODUCTION_TRAFFIC_SHIFT, BAKE_TIME,
                    CLEAN_UP, PRODUCTION_TRAFFIC_BACK, TEST_TRAFFIC_BACK, CLEAN_UP_BACK, HALTED -> ofApplication(shift);
        };
    }

    boolean nothing() {
        return production.isEmpty() && test.isEmpty();
    }

    private static OptionalDouble none() {
        return OptionalDouble.of(0);
    }
}
