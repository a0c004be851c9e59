package dev.landfall.edge.http;

import dev.landfall.edge.route.Routes;

/**
 * A listener at one of its addresses: what its connections look at for every request. The control thread replaces the
 * routes; connections go on.
 */
public final class Site {
    private final String zone;
    private volatile Routes routes;

    /** @param zone the availability zone whose node the address stands for */
    public Site(String zone, Routes routes) {
        this.zone = zone;
        this.routes = routes;
    }

    public String zone() {
        return zone;
    }

    public Routes routes() {
        return routes;
    }

    public void routes(Routes routes) {
        this.routes = routes;
    }
}
