package dev.landfall.wire.codec;

import dev.landfall.wire.codec.Exchange.Answer;
import dev.landfall.wire.codec.Exchange.Refusal;
import dev.landfall.wire.codec.Exchange.Routed;
import dev.landfall.wire.model.OperationModel;
import dev.landfall.wire.model.ServiceModel;
import dev.landfall.wire.model.Shape;
import software.amazon.awssdk.core.SdkPojo;

/** The query protocol and EC2's dialect of it: the operation in {@code Action}, parameters in, XML out. */
final class AwsQuery implements WireProtocol {
    static final AwsQuery QUERY = new AwsQuery(false);
    static final AwsQuery EC2 = new AwsQuery(true);

    private static final String CONTENT_TYPE = "text/xml;charset=UTF-8";

    private final boolean ec2;

    private AwsQuery(boolean ec2) {
        this.ec2 = ec2;
    }

    @Override
    public SdkPojo read(Routed call) {
        return QueryReader.read(Forms.parameters(call.request()), call.operation().request());
    }

    @Override
    public Answer write(OperationModel operation, SdkPojo output, String requestId) {
        XmlWriter out = new XmlWriter();
        String response = operation.name() + "Response";
        out.open(response, operation.service().xmlNamespace());
        if (ec2) {
            out.text("requestId", requestId).members(output, operation.response());
        } else {
            String result = operation.name() + "Result";
            out.open(result).members(output, operation.response()).close(result);
            out.open("ResponseMetadata").text("RequestId", requestId).close("ResponseMetadata");
        }
        return new Answer(200, CONTENT_TYPE, out.close(response).bytes());
    }

    @Override
    public Answer refuse(Refusal refusal, String requestId) {
        XmlWriter out = new XmlWriter();
        if (ec2) {
            out.open("Response").open("Errors");
            error(out, refusal, false);
            out.close("Errors").text("RequestID", requestId).close("Response");
        } else {
            errorResponse(out, refusal, requestId);
        }
        return new Answer(refusal.status(), CONTENT_TYPE, out.bytes());
    }

    /** The error document that the query and REST-XML protocols share. */
    static void errorResponse(XmlWriter out, Refusal refusal, String requestId) {
        ServiceModel service = refusal.service();
        if (service == null) {
            out.open("ErrorResponse");
        } else {
            out.open("ErrorResponse", service.xmlNamespace());
        }
        error(out, refusal, true);
        out.text("RequestId", requestId).close("ErrorResponse");
    }

    private static void error(XmlWriter out, Refusal refusal, boolean typed) {
        out.open("Error");
        if (typed) {
            out.text("Type", refusal.isSendersFault() ? "Sender" : "Receiver");
        }
        out.text("Code", refusal.code()).text("Message", refusal.message() == null ? "" : refusal.message());
        if (refusal.details() != null) {
            out.members(refusal.details(), Shape.of(refusal.details().getClass()));
        }
        out.close("Error");
    }
}
