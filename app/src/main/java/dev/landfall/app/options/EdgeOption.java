package dev.landfall.app.options;

import dev.landfall.app.balancing.LocalEdge;
import dev.landfall.elb.edge.EdgeFeed;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --edge}: whether load balancers are served by this process. */
public final class EdgeOption {
    /** Who carries the traffic of load balancers. */
    enum Place { ON, OFF }

    @Option(names = "--edge", paramLabel = "on|off", defaultValue = "on", converter = Converter.class,
            description = "Serve load balancers in this process, or leave them to './landfall edge' "
                    + "(default ${DEFAULT-VALUE}).")
    private Place place;

    @Mixin private BalancerAddressOption addresses;

    /**
     * Connects this process's data plane, if it is to have one.
     *
     * @return to be closed before {@code feed} is
     */
    public AutoClosing connected(EdgeFeed feed, Path directory) {
        return switch (place) {
            case ON -> LocalEdge.connect(feed, directory, addresses.addresses())::close;
            case OFF -> () -> { };
        };
    }

    /** What is closed without an exception to declare. */
    @FunctionalInterface
    public interface AutoClosing extends AutoCloseable {
        @Override
        void close();
    }

    static final class Converter implements ITypeConverter<Place> {
        @Override
        public Place convert(String value) {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "on" -> Place.ON;
                case "off" -> Place.OFF;
                default -> throw new TypeConversionException("expected on or off but was '" + value + "'");
            };
        }
    }
}
