package dev.landfall.wire;

/** One service to serve: an SDK client interface, and the object that implements it. */
public record Exposed(Class<?> clientInterface, Object implementation) {
    public Exposed {
        if (!clientInterface.isInterface() || !clientInterface.isInstance(implementation)) {
            throw new IllegalArgumentException(
                    implementation.getClass().getName() + " does not implement " + clientInterface.getName());
        }
    }
}
