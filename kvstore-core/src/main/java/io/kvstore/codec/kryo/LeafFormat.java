package io.kvstore.codec.kryo;

import com.esotericsoftware.kryo.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * The format of a JDK class that refers to no others, written by one of Kryo's serializers.
 *
 * @param isKey whether equal objects have equal bytes
 */
record LeafFormat<T>(int tag, Class<T> type, Serializer<T> serializer, boolean isKey)
    implements TypeFormat {

  @Override
  public void write(Encoder to, Object object) {
    serializer.write(to.kryo(), to.output(), type.cast(object));
  }

  @Override
  public @Nullable Object read(Decoder from, DeclaredType target) {
    if (type.isArray()) {
      from.input().checkNextLength(); // not every serializer of Kryo's does so before it allocates
    }
    return serializer.read(from.kryo(), from.input(), type);
  }
}
