package dev.landfall.elb.attribute;

import dev.landfall.elb.ElbErrors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The attributes of one kind of resource.
 *
 * @param word such as {@code Target group}
 * @param mine those of this kind, in the order in which they are shown
 * @param known the keys of any kind
 */
record Settings(String word, List<Setting> mine, List<String> known) {
    Settings {
        mine = List.copyOf(mine);
        known = List.copyOf(known);
    }

    /** One change of an attribute, as a caller asks for it. */
    record Change(String key, String value) {}

    RuntimeException notRecognized(String key) {
        return ElbErrors.validation(word + " attribute key '" + key + "' is not recognized");
    }

    Optional<Setting> find(String key) {
        return mine.stream().filter(setting -> setting.key().equals(key)).findFirst();
    }

    /** The value it has now. */
    String value(SortedMap<String, String> set, String key) {
        return Optional.ofNullable(set.get(key)).or(() -> find(key).map(Setting::initial)).orElse("");
    }

    /** All attributes with their values, set or not. */
    List<Change> shown(SortedMap<String, String> set) {
        return mine.stream().map(setting -> new Change(setting.key(), value(set, setting.key()))).toList();
    }

    /**
     * What is set after the changes.
     *
     * @param unsupported the refusal of a key that another kind has
     */
    SortedMap<String, String> with(
            SortedMap<String, String> set, List<Change> changes, Function<String, RuntimeException> unsupported) {
        var next = new TreeMap<>(set);
        var seen = new ArrayList<String>();
        for (Change change : changes) {
            if (change.key() == null) {
                throw ElbErrors.validation(word + " attribute key must be specified");
            }
            if (change.value() == null) {
                throw ElbErrors.validation(word + " attribute value must be specified for key '" + change.key() + "'");
            }
            if (seen.contains(change.key())) {
                throw ElbErrors.validation("Attribute key '" + change.key() + "' has been specified more than once");
            }
            seen.add(change.key());
            if (!known.contains(change.key())) {
                throw notRecognized(change.key());
            }
            Setting setting = find(change.key()).orElseThrow(() -> unsupported.apply(change.key()));
            setting.require(change.value());
            next.put(change.key(), change.value());
        }
        return Collections.unmodifiableSortedMap(next);
    }
}
