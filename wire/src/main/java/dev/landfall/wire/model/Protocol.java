package dev.landfall.wire.model;

/** An AWS wire protocol, as one request and its answer use it. */
public enum Protocol {
    JSON_1_0,
    JSON_1_1,
    QUERY,
    EC2,
    REST_JSON,
    REST_XML,
    RPC_V2_CBOR;

    public boolean isRest() {
        return this == REST_JSON || this == REST_XML;
    }

    /** Whether the operation's name comes in an {@code Action} parameter. */
    public boolean isQuery() {
        return this == QUERY || this == EC2;
    }

    public boolean isXml() {
        return isQuery() || this == REST_XML;
    }

    public boolean isJson() {
        return this == JSON_1_0 || this == JSON_1_1 || this == REST_JSON;
    }
}
