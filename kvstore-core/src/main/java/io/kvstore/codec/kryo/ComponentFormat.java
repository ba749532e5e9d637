package io.kvstore.codec.kryo;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.kvstore.KvStoreException;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The format of one component of a schema, and the component of the class that it is read into. */
final class ComponentFormat {
  private static final Map<WireType, Class<?>> BOXES =
      Map.of(
          WireType.BOOLEAN, Boolean.class,
          WireType.BYTE, Byte.class,
          WireType.CHAR, Character.class,
          WireType.SHORT, Short.class,
          WireType.INT, Integer.class,
          WireType.LONG, Long.class,
          WireType.FLOAT, Float.class,
          WireType.DOUBLE, Double.class,
          WireType.STRING, String.class);

  private final WireType wire;
  private final @Nullable MethodHandle getter;
  private final int index;
  private final DeclaredType target;
  private final boolean fits;
  private final String change;
  private final boolean isIncompatible;

  /** The class of the last object written, and its format. */
  private @Nullable Cached cached;

  private record Cached(Class<?> type, TypeFormat format) {}

  private ComponentFormat(WireType wire, int index, @Nullable Component component, String change) {
    this.wire = wire;
    this.index = index;
    this.change = change;
    this.getter = component == null ? null : component.getter();
    this.target = component == null ? DeclaredType.SKIPPED : component.target();
    Class<?> box = BOXES.get(wire);
    Class<?> raw = target.raw();
    this.fits = box != null && raw.isAssignableFrom(box);
    boolean canBecome = box == null ? !target.declared().isPrimitive() : Widening.isWider(box, raw);
    this.isIncompatible = component != null && !fits && !canBecome;
  }

  static ComponentFormat gone(Schema.Member member) {
    return new ComponentFormat(member.wire(), -1, null, "");
  }

  /**
   * @param index the index of the component in the class as it is now
   */
  static ComponentFormat of(Schema.Member member, int index, ClassModel model, Registry registry) {
    Component component = model.components().get(index);
    String change =
        model.type().getName()
            + "."
            + component.name()
            + " was written as "
            + registry.renamed(member.type())
            + " and is "
            + component.target()
            + " now";
    return new ComponentFormat(member.wire(), index, component, change);
  }

  void write(Encoder to, Object owner) throws Throwable {
    MethodHandle get = Objects.requireNonNull(getter);
    Output output = to.output();
    switch (wire) {
      case BOOLEAN -> output.writeBoolean((boolean) get.invokeExact(owner));
      case BYTE -> output.writeByte((byte) get.invokeExact(owner));
      case CHAR -> output.writeVarInt((char) get.invokeExact(owner), true);
      case SHORT -> output.writeVarInt((short) get.invokeExact(owner), false);
      case INT -> output.writeVarInt((int) get.invokeExact(owner), false);
      case LONG -> output.writeVarLong((long) get.invokeExact(owner), false);
      case FLOAT -> output.writeFloat((float) get.invokeExact(owner));
      case DOUBLE -> output.writeDouble((double) get.invokeExact(owner));
      case STRING -> output.writeString((String) (Object) get.invokeExact(owner));
      case ANY -> any(to, (Object) get.invokeExact(owner));
    }
  }

  private void any(Encoder to, @Nullable Object value) {
    if (value == null) {
      to.any(null);
      return;
    }
    Cached last = cached;
    if (last == null || last.type != value.getClass()) {
      last = new Cached(value.getClass(), to.types().format(value.getClass()));
      cached = last;
    }
    to.tagged(last.format, value);
  }

  /** Reads the component into its index of the class as it is now. */
  void read(Decoder from, @Nullable Object[] values) {
    if (index < 0) {
      skip(from);
    } else if (isIncompatible) {
      throw new KvStoreException(change);
    } else if (wire == WireType.ANY) {
      values[index] = any(from);
    } else {
      Object value = bare(from.input());
      values[index] = fits ? value : target.fitted(value);
    }
  }

  private @Nullable Object any(Decoder from) {
    try {
      return from.any(target);
    } catch (TypeMismatch e) {
      throw new KvStoreException(change + ": " + e.getMessage(), e);
    }
  }

  void skip(Decoder from) {
    if (wire == WireType.ANY) {
      from.any(DeclaredType.SKIPPED);
    } else {
      bare(from.input());
    }
  }

  private @Nullable Object bare(Input input) {
    return switch (wire) {
      case BOOLEAN -> input.readBoolean();
      case BYTE -> input.readByte();
      case CHAR -> (char) input.readVarInt(true);
      case SHORT -> (short) input.readVarInt(false);
      case INT -> input.readVarInt(false);
      case LONG -> input.readVarLong(false);
      case FLOAT -> input.readFloat();
      case DOUBLE -> input.readDouble();
      case STRING -> input.readString();
      case ANY -> throw new IllegalStateException("it has a tag");
    };
  }
}
