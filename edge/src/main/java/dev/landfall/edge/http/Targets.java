package dev.landfall.edge.http;

/** Finds the parts of a request's target and the host it is for (RFC 9112, 3.2). */
final class Targets {
    private Targets() {}

    /**
     * Sets path and host. A target in absolute form says the host itself and Host is not asked (RFC 9112, 3.2.2); it is
     * made one in origin form, which every target understands.
     *
     * @return false if the request has no host where it must, or a target that is none
     */
    static boolean resolve(Head head) {
        byte[] bytes = head.bytes;
        if (head.hosts > 1) {
            return false;
        }
        if (head.host >= 0) {
            host(head, head.valueStart(head.host), head.valueEnd(head.host));
        } else {
            host(head, 0, 0);
            if (head.version == 11) {
                return false;
            }
        }
        byte first = bytes[head.targetStart];
        if (first != '/' && !(first == '*' && head.targetEnd - head.targetStart == 1)) {
            if (!absolute(head)) {
                return false;
            }
        }
        if (head.version == 11 && head.hostEnd == head.hostStart) {
            return false;
        }
        int query = Ascii.indexOf(bytes, head.targetStart, head.targetEnd, '?');
        head.pathEnd = query < 0 ? head.targetEnd : query;
        return true;
    }

    private static boolean absolute(Head head) {
        byte[] bytes = head.bytes;
        int colon = Ascii.indexOf(bytes, head.targetStart, head.targetEnd, ':');
        int scheme = colon - head.targetStart;
        if (scheme != 4 && scheme != 5 || Ascii.lower(bytes[head.targetStart]) != 'h'
                || colon + 2 >= head.targetEnd || bytes[colon + 1] != '/' || bytes[colon + 2] != '/') {
            return false;
        }
        int start = colon + 3;
        int end = start;
        while (end < head.targetEnd && bytes[end] != '/' && bytes[end] != '?') {
            if (bytes[end] == '@') {
                return false;
            }
            end++;
        }
        if (end == start) {
            return false;
        }
        host(head, start, end);
        head.absolute = true;
        if (end == head.targetEnd || bytes[end] == '?') {
            head.placeTarget("/", end);
            return true;
        }
        head.targetStart = end;
        return true;
    }

    private static void host(Head head, int from, int to) {
        head.hostStart = from;
        head.authorityEnd = to;
        int end = to;
        while (end > from && head.bytes[end - 1] >= '0' && head.bytes[end - 1] <= '9') {
            end--;
        }
        head.hostEnd = end > from && end < to && head.bytes[end - 1] == ':' ? end - 1 : to;
    }
}
