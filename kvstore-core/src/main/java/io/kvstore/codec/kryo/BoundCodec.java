package io.kvstore.codec.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.util.Pool;
import io.kvstore.CorruptStoreException;
import io.kvstore.KvStoreException;

/**
 * A codec with its schemas.
 *
 * <p>Kryo's own objects serve one thread at a time; they are kept in a bounded pool, not by thread,
 * so that virtual threads cost nothing.
 */
final class BoundCodec<T> implements StoredCodec.Bound<T> {
  /** The most idle encoders and decoders that one codec keeps. */
  private static final int MAX_POOLED = 64;

  private final TypedCodec<T> codec;
  private final Types types;
  private final Pool<Tools> pool;

  /** What one thread needs. */
  private record Tools(Encoder encoder, Decoder decoder) {}

  BoundCodec(TypedCodec<T> codec, Schemas schemas, Role role) {
    this.codec = codec;
    this.types = new Types(codec.registry(), schemas, role);
    this.pool =
        new Pool<>(true, false, MAX_POOLED) {
          @Override
          protected Tools create() {
            Kryo kryo = new Kryo();
            return new Tools(new Encoder(kryo, types), new Decoder(kryo, types));
          }
        };
  }

  @Override
  public byte[] encode(T object) {
    Tools tools = pool.obtain();
    byte[] bytes;
    try {
      bytes = tools.encoder().encode(TypedCodec.STORED, codec.type().cast(object));
    } catch (KryoException e) {
      throw new IllegalArgumentException("the object can't be written: " + e.getMessage(), e);
    } catch (StackOverflowError e) {
      throw new IllegalArgumentException("the object is nested too deeply for the thread", e);
    }
    pool.free(tools);
    return bytes;
  }

  @Override
  public T decode(byte[] bytes) {
    return bytes.length > 0 && bytes[0] == TypedCodec.STORED
        ? decode(bytes, 1)
        : codec.decode(bytes);
  }

  /** Reads what is behind some first bytes. */
  T decode(byte[] bytes, int from) {
    Tools tools = pool.obtain();
    Object object;
    try {
      object = tools.decoder().decode(bytes, from, codec.target());
    } catch (CorruptStoreException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      // Wrong bytes can make a constructor do anything.
      throw codec.unreadable(e);
    }
    pool.free(tools);
    return codec.checked(object);
  }

  @Override
  public void requireOwn(byte[] bytes) {
    if (types.role() == Role.KEY && (bytes.length == 0 || bytes[0] != TypedCodec.STORED)) {
      throw new KvStoreException(
          "the keys of the store were not written by this codec; if an older version of kvstore"
              + " has written them, copy the entries into a new store");
    }
    if (bytes.length > 0 && bytes[0] == TypedCodec.STORED) {
      CheckedInput input = new CheckedInput();
      input.setBuffer(bytes, 1, bytes.length - 1);
      int tag = input.readVarInt(true);
      if (tag >= Tags.FIRST_SCHEMA) {
        types.schemas().get(tag);
      }
    }
  }
}
