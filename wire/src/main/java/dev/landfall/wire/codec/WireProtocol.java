package dev.landfall.wire.codec;

import dev.landfall.wire.codec.Exchange.Answer;
import dev.landfall.wire.codec.Exchange.Refusal;
import dev.landfall.wire.codec.Exchange.Routed;
import dev.landfall.wire.model.OperationModel;
import dev.landfall.wire.model.Protocol;
import software.amazon.awssdk.core.SdkPojo;

/** One AWS protocol: how operations' shapes travel in HTTP. Stateless; safe for any thread. */
public interface WireProtocol {
    /** @throws Malformed if the request does not have the operation's form */
    SdkPojo read(Routed call);

    Answer write(OperationModel operation, SdkPojo output, String requestId);

    Answer refuse(Refusal refusal, String requestId);

    static WireProtocol of(Protocol protocol) {
        return switch (protocol) {
            case JSON_1_0 -> AwsJson.VERSION_1_0;
            case JSON_1_1 -> AwsJson.VERSION_1_1;
            case RPC_V2_CBOR -> RpcCbor.INSTANCE;
            case QUERY -> AwsQuery.QUERY;
            case EC2 -> AwsQuery.EC2;
            case REST_JSON -> Rest.JSON;
            case REST_XML -> Rest.XML;
        };
    }
}
