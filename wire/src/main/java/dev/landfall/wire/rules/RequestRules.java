package dev.landfall.wire.rules;

import java.util.ArrayList;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkPojo;

/**
 * What holds for the requests of all actions of a service, so that no action needs to look: what the model requires is
 * there, numbers and lengths are in their range, texts are Unicode and have their form, and an enumerated member has
 * one of its values. Everything that does not hold is told at once, as AWS does. Immutable; safe for any thread.
 */
public final class RequestRules {
    private final Constraints.Model model;
    private final Function<String, ? extends RuntimeException> refusal;

    /**
     * @param service a class beside which {@code constraints.txt} says what the service's model demands
     * @param refusal makes the service's error of what does not hold
     */
    public RequestRules(Class<?> service, Function<String, ? extends RuntimeException> refusal) {
        this.model = Constraints.beside(service);
        this.refusal = refusal;
    }

    /** The request, if it keeps the rules. */
    public <R extends SdkPojo> R checked(R request) {
        var found = new ArrayList<String>();
        new Look(model, found).look(request, "");
        if (!found.isEmpty()) {
            throw refusal.apply(found.size() + " validation error"
                    + (found.size() == 1 ? "" : "s") + " detected: " + String.join("; ", found));
        }
        return request;
    }
}
