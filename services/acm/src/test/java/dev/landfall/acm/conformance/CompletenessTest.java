package dev.landfall.acm.conformance;

import dev.landfall.acm.Acm;
import dev.landfall.testkit.Completeness;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the suite to having a row for all that is answered, and for every error of the model or a reason. */
class CompletenessTest {
    static final Completeness SUITE = new Completeness(Acm.class, CompletenessTest.class,
            Stream.of(CertificateConformanceTest.rows(), ImportConformanceTest.rows(), ListConformanceTest.rows(),
                    TagConformanceTest.rows()).flatMap(List::stream).map(Row::shown).toList(),
            List.of("ValidationException"));

    @Test
    void everythingHasARow() {
        SUITE.hold();
    }
}
