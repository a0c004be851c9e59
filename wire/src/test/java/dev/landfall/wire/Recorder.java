package dev.landfall.wire;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.core.SdkPojo;

/**
 * A service of any client interface that keeps the last request of each call and answers what the test prepared.
 * Without an answer it does what the interface does: refuse.
 */
final class Recorder<C> implements InvocationHandler {
    private final Class<C> type;
    private final AtomicReference<SdkPojo> received = new AtomicReference<>();
    private final AtomicReference<Call> call = new AtomicReference<>();
    private volatile UnaryOperator<SdkPojo> answer;

    Recorder(Class<C> type) {
        this.type = type;
    }

    static List<Method> operations(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getParameterCount() == 1
                        && method.getParameterTypes()[0].getSimpleName().endsWith("Request")
                        && method.getReturnType().getSimpleName().endsWith("Response"))
                .sorted((a, b) -> a.getName().compareTo(b.getName()))
                .toList();
    }

    C service() {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, this));
    }

    Exposed exposed() {
        return new Exposed(type, service());
    }

    void answers(UnaryOperator<SdkPojo> answer) {
        this.answer = answer;
    }

    SdkPojo received() {
        return received.get();
    }

    Call call() {
        return call.get();
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (arguments == null || !(arguments[0] instanceof SdkPojo request) || answer == null) {
            return method.isDefault()
                    ? InvocationHandler.invokeDefault(proxy, method, arguments)
                    : type.getSimpleName().toLowerCase(Locale.ROOT);
        }
        received.set(request);
        call.set(Call.current());
        return answer.apply(request);
    }

    /** Calls {@code method} on a client and lets its own exception out. */
    static SdkPojo call(Object client, Method method, SdkPojo request) throws Throwable {
        try {
            return (SdkPojo) method.invoke(client, request);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
