package dev.landfall.elb;

import java.util.regex.Pattern;

/** How IP addresses and blocks of them are written. */
public final class Addresses {
    private static final int IPV6_GROUPS = 8;
    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");
    private static final Pattern IPV6_GROUP = Pattern.compile("[0-9A-Fa-f]{1,4}");
    private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,2}");

    private Addresses() {}

    public static boolean isIpv4(String text) {
        return IPV4.matcher(text).matches();
    }

    /** Whether it is one of RFC 4291, 2.2, in its first or second form. */
    public static boolean isIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text) == IPV6_GROUPS;
        }
        int before = gap == 0 ? 0 : groups(text.substring(0, gap));
        int after = gap + 2 == text.length() ? 0 : groups(text.substring(gap + 2));
        return before >= 0 && after >= 0 && before + after < IPV6_GROUPS;
    }

    /** How many groups the text has between single colons, or -1 if anything else is there. */
    private static int groups(String text) {
        String[] groups = text.split(":", -1);
        for (String group : groups) {
            if (!IPV6_GROUP.matcher(group).matches()) {
                return -1;
            }
        }
        return groups.length;
    }

    /** Whether it is an address and the length of a prefix, such as 10.0.0.0/8. */
    public static boolean isBlock(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !LENGTH.matcher(text.substring(slash + 1)).matches()) {
            return false;
        }
        String address = text.substring(0, slash);
        int length = Integer.parseInt(text.substring(slash + 1));
        return isIpv4(address) && length <= 32 || isIpv6(address) && length <= 128;
    }
}
