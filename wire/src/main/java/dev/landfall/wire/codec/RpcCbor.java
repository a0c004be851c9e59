package dev.landfall.wire.codec;

import dev.landfall.wire.codec.Exchange.Answer;
import dev.landfall.wire.codec.Exchange.Refusal;
import dev.landfall.wire.codec.Exchange.Routed;
import dev.landfall.wire.model.OperationModel;
import dev.landfall.wire.model.Shape;
import software.amazon.awssdk.core.SdkPojo;

/** Smithy RPC v2 CBOR: the operation in the path, shapes as CBOR bodies. */
final class RpcCbor implements WireProtocol {
    static final RpcCbor INSTANCE = new RpcCbor();

    private static final String CONTENT_TYPE = "application/cbor";

    private RpcCbor() {}

    @Override
    public SdkPojo read(Routed call) {
        Shape shape = call.operation().request();
        SdkPojo builder = shape.builder();
        Json.CBOR.readInto(call.request().body(), builder, shape);
        return Shape.build(builder);
    }

    @Override
    public Answer write(OperationModel operation, SdkPojo output, String requestId) {
        byte[] body = Json.CBOR.write((out, shapes) -> shapes.write(out, output, operation.response()));
        return marked(new Answer(200, CONTENT_TYPE, body));
    }

    @Override
    public Answer refuse(Refusal refusal, String requestId) {
        Answer answer = new Answer(refusal.status(), CONTENT_TYPE, AwsJson.document(Json.CBOR, refusal));
        return marked(AwsJson.withQueryError(answer, refusal));
    }

    private static Answer marked(Answer answer) {
        return answer.with("smithy-protocol", "rpc-v2-cbor");
    }
}
