package dev.landfall.app.options;

import java.net.Inet4Address;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --balancer-address}: where other machines reach the load balancers of this one. */
public final class BalancerAddressOption {
    @Option(names = "--balancer-address", paramLabel = "ADDRESS", converter = Converter.class,
            description = "An address of this machine at which load balancers are reached too, with their own ports; "
                    + "the Host header or TLS's server name says which. May be given several times.")
    private List<String> addresses = List.of();

    public List<String> addresses() {
        return addresses;
    }

    /** It may be an address that the machine does not have yet, such as one that moves between machines. */
    static final class Converter implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            if (!isOneOfAMachine(value)) {
                throw new TypeConversionException(
                        "expected one IPv4 address of this machine, such as 192.0.2.10, but was '" + value + "'");
            }
            return value;
        }

        private static boolean isOneOfAMachine(String value) {
            try {
                Inet4Address address = Inet4Address.ofLiteral(value);
                boolean whole = address.getHostAddress().equals(value);     // 192.0.2 would be taken for 192.0.0.2
                return whole && !address.isAnyLocalAddress() && !address.isMulticastAddress();
            } catch (IllegalArgumentException e) {
                return false;
            }
        }
    }
}
