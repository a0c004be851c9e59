/** Constant load of every kind on a load balancer, what its targets run, and the count of what came of it. */
package dev.landfall.testkit.load;
