package io.kvstore.codec.kryo;

import io.kvstore.KvStoreException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The format of an enum constant: the index of its name in the schema, to which names are only
 * added.
 */
final class EnumFormat implements TypeFormat {
  private final int tag;
  private final String className;
  private final @Nullable ClassModel model;
  private final Schemas schemas;
  private final String problem;
  private volatile Known known;

  /**
   * The known constants of the schema.
   *
   * @param names the names in their order
   * @param constants the constants by index; null for one that the enum no longer has
   * @param indexes the index of each constant
   */
  private record Known(
      List<String> names, List<@Nullable Enum<?>> constants, Map<Enum<?>, Integer> indexes) {}

  /**
   * @param model the model, null if there is no such enum now
   * @param problem the message for that case
   */
  EnumFormat(Schema schema, @Nullable ClassModel model, Schemas schemas, String problem) {
    this.tag = schema.id();
    this.className = schema.className();
    this.model = model;
    this.schemas = schemas;
    this.problem = problem;
    this.known = known(schema, model);
  }

  private static Known known(Schema schema, @Nullable ClassModel model) {
    List<String> names = schema.members().stream().map(Schema.Member::name).toList();
    List<@Nullable Enum<?>> constants = new ArrayList<>();
    Map<Enum<?>, Integer> indexes = new HashMap<>();
    for (String name : names) {
      Enum<?> constant = model == null ? null : model.constants().get(name);
      if (constant != null) {
        indexes.putIfAbsent(constant, constants.size());
      }
      constants.add(constant);
    }
    return new Known(names, constants, indexes);
  }

  @Override
  public int tag() {
    return tag;
  }

  @Override
  public void write(Encoder to, Object object) {
    Enum<?> constant = (Enum<?>) object;
    Integer index = known.indexes.get(constant);
    to.number(index == null ? newIndex(constant) : index);
  }

  private int newIndex(Enum<?> constant) {
    if (model == null || tag == Schemas.NOT_STORED) {
      return Schemas.NOT_STORED;
    }
    List<String> missing =
        Arrays.stream(constant.getDeclaringClass().getEnumConstants())
            .filter(c -> !known.indexes.containsKey(c))
            .map(Enum::name)
            .toList();
    Known more = known(schemas.extend(tag, missing), model);
    known = more;
    return more.indexes.getOrDefault(constant, Schemas.NOT_STORED);
  }

  @Override
  public @Nullable Object read(Decoder from, DeclaredType target) {
    int index = from.number();
    if (target.isSkipped()) {
      return null;
    }
    if (model == null) {
      throw new KvStoreException(problem);
    }
    Known now = known;
    if (index >= now.constants.size()) {
      now = known(schemas.getWith(tag, index), model);
      known = now;
    }
    if (index < 0 || index >= now.constants.size()) {
      throw new KvStoreException(className + " has no constant with the number " + index);
    }
    Enum<?> constant = now.constants.get(index);
    if (constant == null) {
      String name = now.names.get(index);
      throw new KvStoreException(
          model.type().getName()
              + " has no constant "
              + name
              + ", which was written; if it was renamed, add @FormerName(\""
              + name
              + "\") to the constant");
    }
    return constant;
  }
}
