package dev.landfall.wire.codec;

import dev.landfall.wire.codec.Exchange.Answer;
import dev.landfall.wire.codec.Exchange.Refusal;
import dev.landfall.wire.codec.Exchange.Routed;
import dev.landfall.wire.model.OperationModel;
import dev.landfall.wire.model.Protocol;
import dev.landfall.wire.model.ServiceModel;
import dev.landfall.wire.model.Shape;
import software.amazon.awssdk.core.SdkPojo;

/** awsJson 1.0 and 1.1: the operation in {@code X-Amz-Target}, shapes as JSON bodies. */
final class AwsJson implements WireProtocol {
    static final AwsJson VERSION_1_0 = new AwsJson("application/x-amz-json-1.0");
    static final AwsJson VERSION_1_1 = new AwsJson("application/x-amz-json-1.1");

    private final String contentType;

    private AwsJson(String contentType) {
        this.contentType = contentType;
    }

    /** A service whose SDK speaks query or XML has those protocols' location names, which JSON does not use. */
    static Json json(ServiceModel service) {
        return service == null || isJson(service.protocol()) ? Json.LOCATION_NAMES : Json.MODEL_NAMES;
    }

    private static boolean isJson(Protocol protocol) {
        return protocol == Protocol.JSON_1_0 || protocol == Protocol.JSON_1_1 || protocol == Protocol.REST_JSON;
    }

    @Override
    public SdkPojo read(Routed call) {
        Shape shape = call.operation().request();
        SdkPojo builder = shape.builder();
        json(call.operation().service()).readInto(call.request().body(), builder, shape);
        return Shape.build(builder);
    }

    @Override
    public Answer write(OperationModel operation, SdkPojo output, String requestId) {
        byte[] body = json(operation.service())
                .write((out, shapes) -> shapes.write(out, output, operation.response()));
        return new Answer(200, contentType, body);
    }

    @Override
    public Answer refuse(Refusal refusal, String requestId) {
        Answer answer = new Answer(refusal.status(), contentType, document(json(refusal.service()), refusal));
        return withQueryError(answer, refusal);
    }

    /** The error document that awsJson and CBOR share. */
    static byte[] document(Json format, Refusal refusal) {
        return format.write((out, shapes) -> {
            out.writeStartObject();
            out.writeStringField("__type", jsonCode(refusal));
            if (refusal.message() != null) {
                out.writeStringField("message", refusal.message());
            }
            if (refusal.details() != null) {
                shapes.writeMembers(out, refusal.details(), Shape.of(refusal.details().getClass()));
            }
            out.writeEndObject();
        });
    }

    private static String jsonCode(Refusal refusal) {
        return isQueryService(refusal) ? refusal.exception() : refusal.code();
    }

    private static boolean isQueryService(Refusal refusal) {
        return refusal.service() != null && refusal.service().protocol().isQuery();
    }

    /**
     * Services that came from the query protocol keep its codes in a header, by which clients know their exceptions.
     */
    static Answer withQueryError(Answer answer, Refusal refusal) {
        return refusal.service() != null && !isJson(refusal.service().protocol())
                ? answer.with(
                        "x-amzn-query-error", refusal.code() + (refusal.isSendersFault() ? ";Sender" : ";Receiver"))
                : answer;
    }
}
