package dev.landfall.acm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.state.Table;
import dev.landfall.state.row.BatchReader;
import dev.landfall.state.row.BatchWriter;
import dev.landfall.wire.SdkForms;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.acm.model.Tag;

/** What is stored is what comes back after a restart. */
class RowsTest {
    private static <R> R again(Class<R> type, Object row) {
        var form = SdkForms.rows().of(type);
        var batch = new BatchWriter();
        batch.put("table", "key", form, type.cast(row));
        var reader = new BatchReader(batch.take());
        return reader.row(reader.entries().getFirst(), form);
    }

    @Test
    void everyRowComesBackAsItWas() throws Exception {
        Stage.play(Stage.Way.IN_PROCESS, on -> {
            String arn = on.exported();
            on.acm().renewCertificate(it -> it.certificateArn(arn));
            on.requested(it -> it.idempotencyToken("token").tags(Tag.builder().key("k").value("v").build()));
            on.imported();
            on.acm().putAccountConfiguration(request -> request.idempotencyToken("a")
                    .expiryEvents(it -> it.daysBeforeExpiry(10)));
            for (Table<?> table : AcmTables.ALL) {
                var rows = List.copyOf(on.image().all(table));
                assertThat(rows).as(table.name()).isNotEmpty();
                for (Object row : rows) {
                    assertThat(again(row.getClass(), row)).isEqualTo(row);
                }
            }
            return on;
        });
    }
}
