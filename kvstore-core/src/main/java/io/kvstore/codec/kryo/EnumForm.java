package io.kvstore.codec.kryo;

import io.kvstore.KvStoreException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A constant of an enum: the index of its name in the schema, to which names are added only. */
final class EnumForm implements Form {
  private final int tag;
  private final String className;
  private final @Nullable Shape shape;
  private final Schemas schemas;
  private volatile List<Schema.Member> members;

  EnumForm(Schema schema, @Nullable Shape shape, Schemas schemas) {
    this.tag = schema.id();
    this.className = schema.className();
    this.shape = shape;
    this.schemas = schemas;
    this.members = schema.members();
  }

  @Override
  public int tag() {
    return tag;
  }

  @Override
  public void write(Encoder to, Object object) {
    Enum<?> constant = (Enum<?>) object;
    int index = indexOf(constant);
    if (index < 0 && tag != Schemas.NOT_STORED) {
      List<String> all =
          Arrays.stream(constant.getDeclaringClass().getEnumConstants()).map(Enum::name).toList();
      members = schemas.extend(tag, missing(all)).members();
      index = indexOf(constant);
    }
    to.number(index < 0 ? Schemas.NOT_STORED : index);
  }

  /** Those that no member stands for, under whatever name. */
  private List<String> missing(List<String> names) {
    Shape known = shape;
    return names.stream()
        .filter(name -> known == null || indexOf(known.constants().get(name)) < 0)
        .toList();
  }

  private int indexOf(@Nullable Enum<?> constant) {
    List<Schema.Member> all = members;
    for (int i = 0; i < all.size(); i++) {
      if (constant != null
          && shape != null
          && shape.constants().get(all.get(i).name()) == constant) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public @Nullable Object read(Decoder from, Target target) {
    int index = from.number();
    if (target.isSkipped()) {
      return null;
    }
    if (shape == null) {
      throw ObjectForm.unregistered(className);
    }
    if (index >= members.size()) {
      members = schemas.getWith(tag, index + 1).members();
    }
    if (index < 0 || index >= members.size()) {
      throw new KvStoreException(className + " has no constant with the number " + index);
    }
    String name = members.get(index).name();
    Enum<?> constant = shape.constants().get(name);
    if (constant == null) {
      throw new KvStoreException(
          shape.type().getName()
              + " has no constant "
              + name
              + ", which was written; if it was renamed, add @FormerName(\""
              + name
              + "\") to the constant");
    }
    return constant;
  }
}
