package dev.landfall.edge.http;

/** The load balancer's own rules about header fields. */
final class InvalidHeaders {
    private InvalidHeaders() {}

    /**
     * Drops fields whose names are not {@code [-A-Za-z0-9]+} (routing.http.drop_invalid_header_fields.enabled).
     *
     * @return whether there were any
     */
    static boolean drop(Head head) {
        boolean any = false;
        for (int i = 0; i < head.fields; i++) {
            if (head.field(i) == Field.OTHER && !valid(head.bytes, head.nameStart(i), head.nameEnd(i))) {
                head.drop(i);
                any = true;
            }
        }
        return any;
    }

    private static boolean valid(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            int value = Ascii.lower(bytes[i]);
            if (value != '-' && (value < '0' || value > '9') && (value < 'a' || value > 'z')) {
                return false;
            }
        }
        return true;
    }

    static int forwardedAddresses(Head head) {
        int count = 0;
        for (int i = 0; i < head.fields; i++) {
            if (head.field(i) == Field.X_FORWARDED_FOR) {
                count++;
                for (int at = head.valueStart(i); at < head.valueEnd(i); at++) {
                    if (head.bytes[at] == ',') {
                        count++;
                    }
                }
            }
        }
        return count;
    }
}
