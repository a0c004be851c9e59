package dev.landfall.wire.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.FieldRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a service's generated client classes say in their byte code alone: the operations of the interface, the protocol
 * and the error codes of its default implementation. Reading the class files instead of loading the classes keeps the
 * start fast: the interfaces name thousands of model classes, which reflection would load all at once.
 */
final class ClientClasses {
    private static final String PROTOCOLS = "software/amazon/awssdk/awscore/internal/AwsServiceProtocol";
    private static final String ERROR_BUILDER =
            "software/amazon/awssdk/protocols/core/ExceptionMetadata$Builder";

    private ClientClasses() {}

    /** One operation as the interface declares it. */
    record Signature(String method, MethodTypeDesc type) {
        String requestClass() {
            return className(type.parameterType(0));
        }

        String responseClass() {
            return className(type.returnType());
        }
    }

    /** What the wire calls an exception, and the status it has; 0 where the model gives none. */
    record ErrorCode(String code, int status) {}

    /** Operations by the lower-case form of their name: the SDK's capitals are not always the model's. */
    static Map<String, Signature> operations(Class<?> clientInterface) {
        Map<String, Signature> found = new TreeMap<>();
        String responses = clientInterface.getPackageName().replace('.', '/') + "/model/";
        for (MethodModel method : parse(clientInterface).methods()) {
            MethodTypeDesc type = method.methodTypeSymbol();
            if (method.flags().has(AccessFlag.STATIC)
                    || type.parameterCount() != 1
                    || !internalName(type.parameterType(0)).startsWith(responses)
                    || !internalName(type.parameterType(0)).endsWith("Request")
                    || !internalName(type.returnType()).startsWith(responses)) {
                continue;
            }
            String name = method.methodName().stringValue();
            found.put(name.toLowerCase(Locale.ROOT), new Signature(name, type));
        }
        return found;
    }

    /** The protocol the service's SDK client speaks. */
    static Protocol protocol(Class<?> clientInterface) {
        ClassModel client = parse(defaultClient(clientInterface));
        for (PoolEntry entry : client.constantPool()) {
            if (entry instanceof FieldRefEntry field && field.owner().asInternalName().equals(PROTOCOLS)) {
                return switch (field.name().stringValue()) {
                    case "AWS_JSON" -> hasVersion10(client) ? Protocol.JSON_1_0 : Protocol.JSON_1_1;
                    case "QUERY" -> Protocol.QUERY;
                    case "EC2" -> Protocol.EC2;
                    case "REST_JSON" -> Protocol.REST_JSON;
                    case "REST_XML" -> Protocol.REST_XML;
                    case "SMITHY_RPC_V2_CBOR" -> Protocol.RPC_V2_CBOR;
                    default -> throw new IllegalArgumentException(
                            clientInterface.getName() + " speaks " + field.name() + ", which is not served");
                };
            }
        }
        throw new IllegalArgumentException(clientInterface.getName() + " has no client whose protocol is known");
    }

    private static boolean hasVersion10(ClassModel client) {
        return client.methods().stream()
                .filter(method -> method.methodName().equalsString("init"))
                .flatMap(method -> method.code().stream())
                .flatMap(code -> code.elementStream())
                .anyMatch(element -> element instanceof ConstantInstruction constant
                        && "1.0".equals(constant.constantValue()));
    }

    /**
     * The error codes the SDK client maps to exception classes, by the class's name. Query and XML clients list them in
     * {@code init}; JSON clients list the whole service's in a lambda of each operation, of which one is enough.
     */
    static Map<String, ErrorCode> errorCodes(Class<?> clientInterface) {
        Map<String, ErrorCode> found = new TreeMap<>();
        ClassModel client = parse(defaultClient(clientInterface));
        for (MethodModel method : client.methods()) {
            if (method.methodName().equalsString("init")) {
                collectErrors(method, found);
            }
        }
        if (!found.isEmpty()) {
            return found;
        }
        for (MethodModel method : client.methods()) {
            if (method.methodName().stringValue().startsWith("lambda$")
                    && method.methodType().equalsString("(Ljava/lang/String;)Ljava/util/Optional;")) {
                collectErrors(method, found);
                return found;
            }
        }
        return found;
    }

    /**
     * Reads the calls of the builder of {@code ExceptionMetadata}, which come in any order but end in {@code build}.
     */
    private static void collectErrors(MethodModel method, Map<String, ErrorCode> found) {
        Object constant = null;
        String code = null;
        String exception = null;
        int status = 0;
        for (CodeElement element : method.code().orElseThrow()) {
            switch (element) {
                case ConstantInstruction loaded -> constant = loaded.constantValue();
                case InvokeDynamicInstruction lambda -> {
                    if (lambda.bootstrapArgs().size() > 1
                            && lambda.bootstrapArgs().get(1) instanceof DirectMethodHandleDesc supplier) {
                        exception = className(supplier.owner());
                    }
                }
                case InvokeInstruction call when call.owner().asInternalName().equals(ERROR_BUILDER) -> {
                    switch (call.name().stringValue()) {
                        case "errorCode" -> code = (String) constant;
                        case "httpStatusCode" -> status = constant instanceof Integer number ? number : 0;
                        case "build" -> {
                            found.putIfAbsent(exception, new ErrorCode(code, status));
                            status = 0;
                        }
                        default -> { }
                    }
                }
                default -> { }
            }
        }
    }

    private static String className(ClassDesc type) {
        return internalName(type).replace('/', '.');
    }

    private static String internalName(ClassDesc type) {
        String descriptor = type.descriptorString();
        return type.isClassOrInterface() ? descriptor.substring(1, descriptor.length() - 1) : descriptor;
    }

    private static Class<?> defaultClient(Class<?> clientInterface) {
        String name = clientInterface.getPackageName() + ".Default" + clientInterface.getSimpleName();
        try {
            return Class.forName(name, false, clientInterface.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(clientInterface.getName() + " is no SDK client interface", e);
        }
    }

    private static ClassModel parse(Class<?> type) {
        String path = type.getName().replace('.', '/') + ".class";
        try (InputStream in = type.getClassLoader().getResourceAsStream(path)) {
            return ClassFile.of().parse(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("a class cannot be read: " + type.getName(), e);
        }
    }
}
