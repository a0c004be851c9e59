package dev.landfall.app.options;

import dev.landfall.edge.door.Doors;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --balancer-address}: where other machines reach the load balancers of this one. */
public final class BalancerAddressOption {
    @Option(names = "--balancer-address", paramLabel = "ADDRESS", converter = Converter.class,
            description = "An address of this machine at which load balancers are reached too, with their own ports; "
                    + "the Host header or TLS's server name says which. May be given several times.")
    private Set<String> addresses = new LinkedHashSet<>();

    /** With 127.0.0.1, which what ends in {@code .localhost} is taken for. */
    public List<String> addresses() {
        var all = new LinkedHashSet<String>();
        all.add(Doors.HERE);
        all.addAll(addresses);
        return List.copyOf(all);
    }

    /** It may be an address that the machine does not have yet, such as one that moves between machines. */
    static final class Converter implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            InetAddress address;
            try {
                address = InetAddress.ofLiteral(value);
            } catch (IllegalArgumentException e) {
                throw refused(value);
            }
            boolean whole = address.getHostAddress().equals(value);     // 192.0.2 would be taken for 192.0.0.2
            if (!whole || !(address instanceof Inet4Address) || address.isAnyLocalAddress()
                    || address.isMulticastAddress()) {
                throw refused(value);
            }
            return value;
        }

        private static TypeConversionException refused(String value) {
            return new TypeConversionException(
                    "expected one IPv4 address of this machine, such as 192.0.2.10, but was '" + value + "'");
        }
    }
}
