package dev.landfall.agent.session;

/** What the agent calls itself, when it registers and in every connection. */
final class AgentVersion {
    static final String NUMBER = "1.0.0";
    static final String HASH = "landfall";

    private AgentVersion() {}
}
