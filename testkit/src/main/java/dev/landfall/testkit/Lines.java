package dev.landfall.testkit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;

/** Any shape of the SDK as lines, to compare what came by different ways. */
public final class Lines {
    private Lines() {}

    /** One line a member; an empty list is as good as none, as XML cannot tell them apart. */
    public static List<String> of(SdkPojo pojo) {
        var lines = new ArrayList<String>();
        add(pojo, "", lines);
        return lines;
    }

    private static void add(Object value, String path, List<String> lines) {
        switch (value) {
            case null -> { }
            case SdkPojo pojo -> {
                for (SdkField<?> field : pojo.sdkFields()) {
                    add(field.getValueOrDefault(pojo), path + "." + field.memberName(), lines);
                }
            }
            case Collection<?> items -> {
                int i = 0;
                for (Object item : items) {
                    add(item, path + "[" + i++ + "]", lines);
                }
            }
            case Map<?, ?> entries -> new TreeMap<Object, Object>(entries)
                    .forEach((key, item) -> add(item, path + "[" + key + "]", lines));
            default -> lines.add(path + " = " + value);
        }
    }
}
