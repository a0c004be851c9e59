package dev.landfall.wire.model;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.protocols.core.OperationInfo;

/** One operation of a {@link ServiceModel}: its shapes, its binding to HTTP, and how to call it. Immutable. */
public final class OperationModel {
    private final ServiceModel service;
    private final OperationInfo binding;
    private final String name;
    private final Shape request;
    private final Shape response;
    private final MethodHandle call;
    private final UriTemplate uri;

    OperationModel(ServiceModel service, Class<?> clientInterface, ClientClasses.Signature signature) {
        this.service = service;
        ClassLoader loader = clientInterface.getClassLoader();
        try {
            Class<?> requestClass = Class.forName(signature.requestClass(), true, loader);
            Class<?> responseClass = Class.forName(signature.responseClass(), true, loader);
            call = MethodHandles.publicLookup()
                    .findVirtual(
                            clientInterface, signature.method(), MethodType.methodType(responseClass, requestClass))
                    .asType(MethodType.methodType(Object.class, Object.class, Object.class));
            request = Shape.of(requestClass);
            response = Shape.of(responseClass);
            Field field = Class.forName(
                            clientInterface.getPackageName() + ".transform." + requestClass.getSimpleName()
                                    + "Marshaller",
                            true,
                            loader)
                    .getDeclaredField("SDK_OPERATION_BINDING");
            field.setAccessible(true);
            binding = (OperationInfo) field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("no operation " + signature, e);
        }
        String identifier = binding.operationIdentifier();
        name = identifier == null
                ? request.type().getSimpleName().replaceAll("Request$", "")
                : identifier.substring(identifier.lastIndexOf('.') + 1);
        uri = new UriTemplate(binding.httpMethod().name(), binding.requestUri());
    }

    public ServiceModel service() {
        return service;
    }

    /** The name in the service's model. */
    public String name() {
        return name;
    }

    /** What stands before the dot in {@code X-Amz-Target}; empty if the service speaks no awsJson. */
    public String targetPrefix() {
        String identifier = binding.operationIdentifier();
        int dot = identifier == null ? -1 : identifier.lastIndexOf('.');
        return dot < 0 ? "" : identifier.substring(0, dot);
    }

    public String apiVersion() {
        return binding.apiVersion() == null ? "" : binding.apiVersion();
    }

    public OperationInfo binding() {
        return binding;
    }

    public UriTemplate uri() {
        return uri;
    }

    public Shape request() {
        return request;
    }

    public Shape response() {
        return response;
    }

    /** Calls the operation; throws whatever the service throws. */
    public SdkPojo invoke(SdkPojo input) throws Exception {
        try {
            return (SdkPojo) (Object) call.invokeExact(service.implementation(), (Object) input);
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
