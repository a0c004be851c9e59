package dev.landfall.state;

import java.util.List;

/** A row for tests: one group, any number of tags. */
record Item(String id, String group, List<String> tags, long count) {
    static final Table.Index<Item> BY_GROUP = Table.Index.on("group", Item::group);
    static final Table.Index<Item> BY_TAG = new Table.Index<>("tag", Item::tags);
    static final Table<Item> ITEMS = Table.of("items", Item.class, Item::id, BY_GROUP, BY_TAG);

    /** Its name is a word of SQL. */
    static final Table<Item> OTHERS = Table.of("order", Item.class, Item::id);

    static final List<Table<?>> SCHEMA = List.of(ITEMS, OTHERS);

    static Item of(String id) {
        return counted(id, 0);
    }

    static Item counted(String id, long count) {
        return new Item(id, "group", List.of(), count);
    }
}
