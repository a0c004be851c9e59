package dev.landfall.bench.edge;

/** What is asked of each server. */
enum Scenario {
    /** One rule, nothing written down. */
    HTTP_BARE("HTTP/1.1, 64 connections, bare", Door.BARE, Load.WRK, "/", 64),
    HTTP("HTTP/1.1, 64 connections", Door.HTTP, Load.WRK, "/", 64),
    TLS("TLS 1.3, HTTP/1.1, 64 connections", Door.TLS, Load.WRK, "/", 64),
    HTTP2("TLS 1.3, HTTP/2, 16 connections of 10 streams", Door.TLS, Load.H2LOAD, "/", 16),
    BODIES("HTTP/1.1, bodies of 1 MB, 16 connections", Door.HTTP, Load.WRK, "/megabyte", 16),
    TCP_SMALL("TCP, small messages, 64 connections", Door.TCP, Load.WRK, "/", 64),
    TCP_BULK("TCP, 1 MB at a time, 16 connections", Door.TCP, Load.WRK, "/megabyte", 16);

    /** The listener that is used. Those but BARE and TCP have 100 rules, an access log and health checks. */
    enum Door {
        BARE, HTTP, TLS, TCP
    }

    /** Who asks. */
    enum Load { WRK, H2LOAD }

    private final String title;
    private final Door door;
    private final Load load;
    private final String path;
    private final int connections;

    Scenario(String title, Door door, Load load, String path, int connections) {
        this.title = title;
        this.door = door;
        this.load = load;
        this.path = path;
        this.connections = connections;
    }

    String title() {
        return title;
    }

    Door door() {
        return door;
    }

    Load load() {
        return load;
    }

    String path() {
        return path;
    }

    int connections() {
        return connections;
    }
}
