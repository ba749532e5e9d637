package io.kvstore.codec.kryo;

import com.esotericsoftware.kryo.io.Output;
import io.kvstore.KvStoreException;
import io.kvstore.codec.KryoCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A codec for registered classes that is not bound to a store. Used directly, it writes the schemas
 * that a value needs in front of the value.
 */
public final class TypedCodec<T> implements KryoCodec<T>, StoredCodec<T> {
  /** The first byte of a value in the legacy format, which is only read. */
  static final byte LEGACY = 1;

  /** The first byte of a value whose schemas are in the store. */
  static final byte STORED = 2;

  /** The first byte of a value with its schemas: their number, each as a string, the value. */
  static final byte WITH_SCHEMAS = 3;

  static {
    // Kryo reads this property when its classes load. With Unsafe it warns from JDK 24 on, or
    // fails.
    if (System.getProperty("kryo.unsafe") == null) {
      System.setProperty("kryo.unsafe", "false");
    }
  }

  private final Class<T> type;
  private final DeclaredType target;
  private final Registry registry;

  private TypedCodec(Class<T> type, Registry registry) {
    this.type = type;
    this.target = DeclaredType.of(type);
    this.registry = registry;
  }

  /** Returns the codec of a type, which is registered by that. */
  public static <T> KryoCodec<T> of(Class<T> type) {
    return new TypedCodec<>(type, Registry.of(type));
  }

  @Override
  public KryoCodec<T> with(Class<?>... more) {
    return new TypedCodec<>(type, registry.with(more));
  }

  @Override
  public KryoCodec<T> formerName(Class<?> type, String formerName) {
    return with(type, model -> model.withFormerName(formerName));
  }

  @Override
  public KryoCodec<T> formerName(Class<?> type, String name, String formerName) {
    return with(type, model -> model.withFormerName(name, formerName));
  }

  @Override
  public KryoCodec<T> defaultValue(Class<?> type, String component, Object value) {
    return with(type, model -> model.withDefault(component, value));
  }

  private KryoCodec<T> with(Class<?> changed, UnaryOperator<ClassModel> change) {
    return new TypedCodec<>(type, registry.with(changed, change));
  }

  @Override
  public Bound<T> bind(Schemas schemas, Role role) {
    if (role == Role.KEY) {
      KeyRules.require(target, registry, schemas);
    }
    return new BoundCodec<>(this, schemas, role);
  }

  Class<T> type() {
    return type;
  }

  DeclaredType target() {
    return target;
  }

  Registry registry() {
    return registry;
  }

  @Override
  public byte[] encode(T object) {
    InMemorySchemaStore lines = new InMemorySchemaStore(List.of());
    byte[] stored = new BoundCodec<>(this, Schemas.of(lines), Role.VALUE).encode(object);
    List<String> used = lines.read();
    Output output = new Output(stored.length + 1, -1);
    output.writeByte(WITH_SCHEMAS);
    output.writeVarInt(used.size(), true);
    used.forEach(output::writeString);
    output.writeBytes(stored, 1, stored.length - 1);
    return output.toBytes();
  }

  @Override
  public T decode(byte[] bytes) {
    int format = bytes.length == 0 ? -1 : bytes[0];
    return switch (format) {
      case LEGACY -> legacy(bytes);
      case STORED ->
          throw new KvStoreException(
              "the value's schemas are in the store that it comes from: open that with this codec");
      case WITH_SCHEMAS -> withSchemas(bytes);
      default ->
          throw new KvStoreException(
              "the value was not written by a Kryo codec: "
                  + (bytes.length == 0 ? "it is empty" : "its first byte is " + format));
    };
  }

  private T legacy(byte[] bytes) {
    Object object;
    try {
      object = new LegacyDecoder(registry.named()).decode(bytes);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw unreadable(e);
    }
    return checked(object);
  }

  private T withSchemas(byte[] bytes) {
    CheckedInput input = new CheckedInput();
    input.setBuffer(bytes, 1, bytes.length - 1);
    List<String> lines = new ArrayList<>();
    Schemas schemas;
    try {
      int size = input.readVarInt(true);
      input.requireAtLeast(size);
      for (int i = 0; i < size; i++) {
        lines.add(line(input.readString()));
      }
      schemas = Schemas.of(new InMemorySchemaStore(lines));
    } catch (RuntimeException | OutOfMemoryError e) {
      throw unreadable(e);
    }
    return new BoundCodec<>(this, schemas, Role.VALUE).decode(bytes, input.position());
  }

  private static String line(@Nullable String line) {
    // Lines that extend an earlier schema are never written here, and applying them costs time.
    if (line == null || Schema.parse(line).kind() == Schema.Kind.MORE) {
      throw new KvStoreException("this is not a schema of a value: " + line);
    }
    return line;
  }

  KvStoreException unreadable(Throwable e) {
    return new KvStoreException(
        "the value can't be read as a " + type.getName() + ": " + e.getMessage(), e);
  }

  T checked(@Nullable Object object) {
    if (!type.isInstance(object)) {
      throw new KvStoreException(
          "the value is not a "
              + type.getName()
              + ", but "
              + (object == null ? "null" : "a " + object.getClass().getName()));
    }
    return type.cast(object);
  }
}
