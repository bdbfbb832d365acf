package dev.kumite.oci;

import static java.util.Objects.requireNonNull;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** An unmodifiable map that keeps the order of the document; {@link Map#copyOf} does not. */
final class OrderedMap<V> extends AbstractMap<String, V> {

    private final Map<String, V> entries;

    private OrderedMap(Map<String, V> entries) {
        this.entries = Collections.unmodifiableMap(entries);
    }

    /** {@return an unmodifiable map of the same entries in the same order} */
    static <V> Map<String, V> copyOf(Map<String, V> map) {
        if (map instanceof OrderedMap<V>) {
            return map;
        }
        if (map.isEmpty()) {
            return Map.of();
        }
        Map<String, V> copy = new LinkedHashMap<>();
        map.forEach((key, value) ->
                copy.put(requireNonNull(key, "key is null"), requireNonNull(value, key)));
        return new OrderedMap<>(copy);
    }

    /** {@return a view of {@code map}, an insertion-ordered map that nobody changes from now on} */
    static <V> Map<String, V> owning(Map<String, V> map) {
        return map.isEmpty() ? Map.of() : new OrderedMap<>(map);
    }

    @Override
    public Set<Entry<String, V>> entrySet() {
        return entries.entrySet();
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        return entries.get(key);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return entries.containsKey(key);
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super V> action) {
        entries.forEach(action);
    }
}
