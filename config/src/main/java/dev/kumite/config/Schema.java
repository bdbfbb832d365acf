package dev.kumite.config;

import dev.kumite.oci.Uint64;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The fields of one kind of {@link Settings}, in a fixed order. Filled by the static initializer of
 * the class that declares the fields, and not changed afterwards.
 *
 * @param <S> the kind of settings
 */
public final class Schema<S> {

    private final String name;
    private final List<Field<S, ?>> fields = new ArrayList<>();

    Schema(String name) {
        this.name = name;
    }

    /** {@return the name of Kata's data structure, such as {@code HypervisorConfig}} */
    public String name() {
        return name;
    }

    /** {@return the fields, in the order in which they are printed} */
    public List<Field<S, ?>> fields() {
        return Collections.unmodifiableList(fields);
    }

    Field<S, String> string(String field) {
        return add(field, Field.Kind.STRING, "");
    }

    Field<S, Boolean> bool(String field) {
        return add(field, Field.Kind.BOOL, false);
    }

    Field<S, Long> uint32(String field) {
        return add(field, Field.Kind.UINT32, 0L);
    }

    Field<S, Long> int64(String field) {
        return add(field, Field.Kind.INT64, 0L);
    }

    Field<S, Uint64> uint64(String field) {
        return add(field, Field.Kind.UINT64, Uint64.ZERO);
    }

    Field<S, List<String>> strings(String field) {
        return add(field, Field.Kind.STRINGS, List.of());
    }

    Field<S, List<Long>> uint32s(String field) {
        return add(field, Field.Kind.UINT32S, List.of());
    }

    Field<S, List<Param>> params(String field) {
        return add(field, Field.Kind.PARAMS, List.of());
    }

    Field<S, List<Feature>> features(String field) {
        return add(field, Field.Kind.FEATURES, List.of());
    }

    Field<S, InterworkingModel> interworkingModel(String field) {
        return add(field, Field.Kind.INTERWORKING_MODEL, InterworkingModel.DEFAULT);
    }

    Field<S, VfioMode> vfioMode(String field) {
        return add(field, Field.Kind.VFIO_MODE, VfioMode.VFIO);
    }

    private <T> Field<S, T> add(String field, Field.Kind kind, T zero) {
        Field<S, T> added = new Field<>(this, fields.size(), field, kind, zero);
        fields.add(added);
        return added;
    }
}
