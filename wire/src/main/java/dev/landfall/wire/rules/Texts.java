package dev.landfall.wire.rules;

/** Texts and names of requests. */
public final class Texts {
    private Texts() {}

    /** Half a surrogate pair is no character: it could be neither kept nor answered. */
    public static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isHighSurrogate(text.charAt(i)) || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    /** A member's name as messages and getters have it, from that of the model. */
    public static String member(String name) {
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }
}
