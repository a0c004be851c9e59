package dev.landfall.app;

import dev.landfall.acm.AcmTables;
import dev.landfall.ecs.EcsTables;
import dev.landfall.elb.ElbTables;
import dev.landfall.iam.IamTables;
import dev.landfall.state.Table;
import java.util.List;
import java.util.stream.Stream;

/** The tables of all services: what the journal holds. */
final class Tables {
    static final List<Table<?>> ALL =
            Stream.of(EcsTables.ALL, ElbTables.ALL, AcmTables.ALL, IamTables.ALL).flatMap(List::stream).toList();

    private Tables() {}
}
