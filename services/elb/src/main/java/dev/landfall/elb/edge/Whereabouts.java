package dev.landfall.elb.edge;

/** Where a data plane is. */
enum Whereabouts {
    /** In this process: what it has taken is in effect, and it ends with its connection. */
    HERE,
    /** It says what is in effect, and goes on without its connection. */
    ELSEWHERE
}
