package dev.landfall.ecs.shift;

/**
 * One load balancer's part in a shift. Rules are listener rules of an Application Load Balancer or listeners of a
 * Network Load Balancer, by their ARNs.
 *
 * @param testRule empty where there is no test traffic
 * @param blueGroup the target group that has the production traffic when the shift begins
 * @param greenGroup the other one
 */
public record Route(String productionRule, String testRule, String blueGroup, String greenGroup) {}
