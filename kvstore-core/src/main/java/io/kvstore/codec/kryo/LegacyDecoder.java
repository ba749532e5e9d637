package io.kvstore.codec.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.serializers.CollectionSerializer;
import com.esotericsoftware.kryo.serializers.DefaultArraySerializers.BooleanArraySerializer;
import com.esotericsoftware.kryo.serializers.DefaultArraySerializers.ObjectArraySerializer;
import com.esotericsoftware.kryo.serializers.MapSerializer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A decoder for one value in the legacy format, which is Kryo's own, as the first version of the
 * store wrote it: the ids of classes follow from the order in which they are registered, and
 * classes must not have changed.
 */
final class LegacyDecoder {
  /**
   * The first id of a registered class; ids below are Kryo's own, and those of {@link JdkClasses}.
   */
  private static final int FIRST_ID = 128;

  private final Kryo kryo = new Kryo();
  private final CheckedInput input = new CheckedInput();

  LegacyDecoder(List<Class<?>> classes) {
    kryo.setRegistrationRequired(true);
    kryo.setReferences(false);
    kryo.setMaxDepth(Encoder.MAX_DEPTH);
    JdkClasses.register(kryo);
    int id = FIRST_ID;
    for (Class<?> c : classes) {
      if (kryo.getClassResolver().getRegistration(c) == null) {
        register(c, id);
      }
      id++;
    }
  }

  private void register(Class<?> c, int id) {
    if (c.isArray() && !c.getComponentType().isPrimitive()) {
      kryo.register(c, new CheckedArraySerializer(kryo, c), id);
    } else if (c == boolean[].class) {
      kryo.register(c, new CheckedBooleansSerializer(), id);
    } else if (kryo.getDefaultSerializer(c).getClass() == CollectionSerializer.class) {
      kryo.register(c, new CheckedCollectionSerializer(), id);
    } else if (kryo.getDefaultSerializer(c).getClass() == MapSerializer.class) {
      kryo.register(c, new CheckedMapSerializer(), id);
    } else {
      kryo.register(c, id);
    }
  }

  /** Rejects an impossible number of elements before a collection is allocated. */
  static void check(int elements, Input input) {
    if (input instanceof CheckedInput checked) {
      checked.requireLegacyElements(elements);
    }
  }

  /** Decodes the object behind the format byte. */
  @Nullable Object decode(byte[] bytes) {
    input.setBuffer(bytes, 1, bytes.length - 1);
    Object object = kryo.readClassAndObject(input);
    if (input.position() != bytes.length) {
      throw new KryoException(bytes.length - input.position() + " bytes are left over");
    }
    return object;
  }

  private static final class CheckedCollectionSerializer
      extends CollectionSerializer<Collection<Object>> {
    @Override
    protected Collection<Object> create(
        Kryo kryo, Input input, Class<? extends Collection<Object>> type, int size) {
      check(size, input);
      return super.create(kryo, input, type, size);
    }
  }

  private static final class CheckedMapSerializer extends MapSerializer<Map<Object, Object>> {
    @Override
    protected Map<Object, Object> create(
        Kryo kryo, Input input, Class<? extends Map<Object, Object>> type, int size) {
      check(size, input);
      return super.create(kryo, input, type, size);
    }
  }

  /** A serializer that rejects an impossible length before it allocates the array. */
  private static final class CheckedArraySerializer extends ObjectArraySerializer {
    CheckedArraySerializer(Kryo kryo, Class<?> type) {
      super(kryo, type);
    }

    @Override
    @SuppressWarnings("rawtypes") // as in Kryo
    public Object[] read(Kryo kryo, Input input, Class type) {
      if (input instanceof CheckedInput checked) {
        checked.checkNextLength();
      }
      return super.read(kryo, input, type);
    }
  }

  /**
   * The same check for arrays of booleans, the only primitive arrays that Kryo allocates without
   * asking the input.
   */
  private static final class CheckedBooleansSerializer extends BooleanArraySerializer {
    @Override
    @SuppressWarnings("rawtypes") // as in Kryo
    public boolean[] read(Kryo kryo, Input input, Class type) {
      if (input instanceof CheckedInput checked) {
        checked.checkNextLength();
      }
      return super.read(kryo, input, type);
    }
  }
}
