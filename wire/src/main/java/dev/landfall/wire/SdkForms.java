package dev.landfall.wire;

import dev.landfall.state.row.Form;
import dev.landfall.state.row.Forms;
import dev.landfall.state.row.GroupForm;
import dev.landfall.state.row.RowReader;
import dev.landfall.wire.model.Member;
import dev.landfall.wire.model.Shape;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;

/**
 * How services' rows are stored: records by their components, SDK model classes by their members' names in the model.
 * Times keep their nanoseconds. Absent members, and the collections the SDK constructs by itself, are left out.
 */
public final class SdkForms {
    private static final ClassValue<Form<?>> FORMS = new ClassValue<>() {
        @Override
        protected Form<?> computeValue(Class<?> type) {
            return group(Shape.of(type));
        }
    };

    private static final Forms ROWS = new Forms(type ->
            SdkPojo.class.isAssignableFrom(type) ? Optional.of(FORMS.get(type)) : Optional.empty());

    private SdkForms() {}

    /** The forms of records that may hold SDK model classes anywhere. */
    public static Forms rows() {
        return ROWS;
    }

    private static Form<SdkPojo> group(Shape shape) {
        Member[] members = shape.members();
        return new GroupForm<>(Arrays.stream(members).map(Member::memberName).toList(), i -> form(members[i]),
                new GroupForm.Members<>() {
                    @Override
                    public Object get(SdkPojo value, int member) {
                        return members[member].value(value);
                    }

                    @Override
                    public Object begin() {
                        return shape.builder();
                    }

                    @Override
                    public void set(Object begun, int member, Object value) {
                        members[member].set(begun, value);
                    }

                    @Override
                    public SdkPojo end(Object begun) {
                        return Shape.build((SdkPojo) begun);
                    }
                });
    }

    private static Form<?> form(Member member) {
        return switch (member.kind()) {
            case STRING -> Forms.<String>form((text, out) -> out.text(text), RowReader::text);
            case INTEGER -> Forms.<Integer>form((number, out) -> out.number(number),
                    in -> Math.toIntExact(in.number()));
            case LONG -> Forms.<Long>form((number, out) -> out.number(number), RowReader::number);
            case SHORT -> Forms.<Short>form((number, out) -> out.number(number), in -> (short) in.number());
            case BYTE -> Forms.<Byte>form((number, out) -> out.number(number), in -> (byte) in.number());
            case FLOAT -> Forms.<Float>form((number, out) -> out.fraction(number), in -> (float) in.fraction());
            case DOUBLE -> Forms.<Double>form((number, out) -> out.fraction(number), RowReader::fraction);
            case BIG_DECIMAL -> Forms.<BigDecimal>form((number, out) -> out.text(number.toString()),
                    in -> new BigDecimal(in.text()));
            case BOOLEAN -> Forms.<Boolean>form((truth, out) -> out.truth(truth), RowReader::truth);
            case INSTANT -> Forms.<Instant>form((time, out) -> out.time(time), RowReader::time);
            case SDK_BYTES -> Forms.<SdkBytes>form((bytes, out) -> out.bytes(bytes.asByteArrayUnsafe()),
                    in -> SdkBytes.fromByteArrayUnsafe(in.bytes()));
            case SDK_POJO -> FORMS.get(member.shape().type());
            case LIST -> Forms.list(form(member.element()));
            case MAP -> Forms.map(form(member.element()));
            case DOCUMENT -> Forms.<Document>form((document, out) -> out.text(DocumentJson.write(document)),
                    in -> DocumentJson.read(in.text()));
            case NULL -> throw new IllegalArgumentException(
                    "there is no form to store " + member.memberName() + " in");
        };
    }
}
