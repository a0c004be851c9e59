package dev.landfall.wire.http;

import dev.landfall.wire.Call;
import dev.landfall.wire.codec.Exchange.Answer;
import dev.landfall.wire.codec.Exchange.Refusal;
import dev.landfall.wire.codec.Exchange.Request;
import dev.landfall.wire.codec.Exchange.Routed;
import dev.landfall.wire.codec.Malformed;
import dev.landfall.wire.codec.WireProtocol;
import dev.landfall.wire.model.OperationModel;
import dev.landfall.wire.model.Protocol;
import dev.landfall.wire.model.ServiceModel;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Carries a request to its operation and the outcome back: the one place where the caller's mistakes and ours become
 * answers. Safe for any thread.
 */
final class Dispatcher {
    private final Router router;
    private final Faults faults;

    Dispatcher(Router router, Faults faults) {
        this.router = router;
        this.faults = faults;
    }

    Answer answer(Request request, Signature signature, Call call) {
        Router.Destination destination;
        try {
            destination = router.route(request, signature);
        } catch (Exception | StackOverflowError e) {
            return fault(e, request, Protocol.JSON_1_1, null, call);
        }
        return switch (destination) {
            case Router.Found(var protocol, var routed) -> answer(request, protocol, routed, call);
            case Router.Lost(var protocol, var refusal) -> WireProtocol.of(protocol).refuse(refusal, call.requestId());
        };
    }

    private Answer answer(Request request, Protocol protocol, Routed routed, Call call) {
        WireProtocol wire = WireProtocol.of(protocol);
        OperationModel operation = routed.operation();
        try {
            SdkPojo input = wire.read(routed);
            SdkPojo output = Call.as(call, routed.request().body(), () -> operation.invoke(input));
            return wire.write(operation, output, call.requestId());
        } catch (Malformed e) {
            return wire.refuse(malformed(e.getMessage(), protocol, operation.service()), call.requestId());
        } catch (AwsServiceException e) {
            return operation.service().mayThrow(e)
                    ? wire.refuse(refusal(e, operation.service()), call.requestId())
                    : fault(e, request, protocol, operation.service(), call);
        } catch (UnsupportedOperationException e) {
            return isNotOverridden(e, operation)
                    ? wire.refuse(router.unknownOperation(protocol, operation.name(), operation.service()),
                            call.requestId())
                    : fault(e, request, protocol, operation.service(), call);
        } catch (Exception | StackOverflowError e) {
            return fault(e, request, protocol, operation.service(), call);
        }
    }

    /** The interface's default methods throw this themselves; thrown anywhere deeper it is a mistake of ours. */
    private static boolean isNotOverridden(UnsupportedOperationException e, OperationModel operation) {
        StackTraceElement[] trace = e.getStackTrace();
        return trace.length > 0 && trace[0].getClassName().equals(operation.service().interfaceName());
    }

    static Refusal malformed(String message, Protocol protocol, ServiceModel service) {
        return switch (protocol) {
            case QUERY -> new Refusal(400, "MalformedInput", message, service);
            case EC2 -> new Refusal(400, "InvalidParameterValue", message, service);
            case REST_XML -> new Refusal(400, "InvalidInput", message, service);
            case JSON_1_0, JSON_1_1, REST_JSON, RPC_V2_CBOR ->
                new Refusal(400, "SerializationException", message, service);
        };
    }

    private static Refusal refusal(AwsServiceException e, ServiceModel service) {
        var details = e.awsErrorDetails();
        String code = details != null && details.errorCode() != null ? details.errorCode() : service.errorCode(e);
        int modelled = service.errorStatus(e);
        int status = e.statusCode() != 0 ? e.statusCode() : modelled != 0 ? modelled : 400;
        // getMessage would add the SDK's own decoration.
        String message = details == null || details.errorMessage() == null ? e.rawMessage() : details.errorMessage();
        String name = e.getClass() == AwsServiceException.class ? code : e.getClass().getSimpleName();
        SdkPojo members = e instanceof SdkPojo pojo && service.isModelled(e) ? pojo : null;
        return new Refusal(status, code, name, message, members, service);
    }

    private Answer fault(Throwable e, Request request, Protocol protocol, ServiceModel service, Call call) {
        faults.add("request " + call.requestId() + " " + request.method() + " " + request.path(), e);
        return WireProtocol.of(protocol).refuse(internalFailure(protocol, service), call.requestId());
    }

    private static Refusal internalFailure(Protocol protocol, ServiceModel service) {
        String code = protocol == Protocol.EC2
                ? "InternalError"
                : service != null && service.hasServerException() ? "ServerException" : "InternalFailure";
        return new Refusal(500, code,
                "The request processing has failed because of an unknown error, exception or failure.", service);
    }
}
