package dev.landfall.state.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SharedTextsTest {
    private record Row(String key, String owner) {}

    private final Form<Row> form = Forms.ofRecords().of(Row.class);

    private Row row(String key, String owner, SharedTexts texts) {
        var batch = new BatchWriter();
        batch.put("table", key, form, new Row(key, owner));
        var reader = new BatchReader(batch.take(), texts);
        return reader.row(reader.entries().getFirst(), form);
    }

    @Test
    void rowsOfDifferentBatchesShareTheirTexts() {
        var texts = new SharedTexts();
        String owner = row("1", "whose rows there are many of", texts).owner();
        assertThat(row("2", "whose rows there are many of", texts).owner()).isSameAs(owner);
        assertThat(row("3", "somebody else", texts).owner()).isEqualTo("somebody else");
    }

    /** Few places, so that texts meet; two texts that differ only where their hash does not look are told apart. */
    @Property
    void eachTextIsWhatWasWritten(@ForAll @Size(max = 60) List<String> some) {
        var texts = new SharedTexts(4);
        for (int round = 0; round < 2; round++) {
            for (String text : some) {
                for (String end : List.of("", "the same end, longer than what is looked at")) {
                    byte[] bytes = (" " + text + end + " ").getBytes(StandardCharsets.ISO_8859_1);
                    String expected = new String(bytes, StandardCharsets.ISO_8859_1);
                    assertThat(texts.of(bytes, 1, bytes.length - 2))
                            .isEqualTo(expected.substring(1, expected.length() - 1));
                }
            }
        }
    }
}
