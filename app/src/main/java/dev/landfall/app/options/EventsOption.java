package dev.landfall.app.options;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --events}: what becomes of the events that ECS sends to EventBridge. */
public final class EventsOption {
    /** Where events go. */
    public enum Events {
        /** Into the data directory, for {@code landfall events}. */
        FILE,
        /** Nowhere; changes cost less. */
        OFF
    }

    @Option(names = "--events", paramLabel = "file|off", defaultValue = "file", converter = Converter.class,
            description = "Keep the events that ECS sends to EventBridge for './landfall events', or none "
                    + "(default ${DEFAULT-VALUE}).")
    private Events events;

    public Events events() {
        return events;
    }

    static final class Converter implements ITypeConverter<Events> {
        @Override
        public Events convert(String value) {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "file" -> Events.FILE;
                case "off" -> Events.OFF;
                default -> throw new TypeConversionException("expected file or off but was '" + value + "'");
            };
        }
    }
}
