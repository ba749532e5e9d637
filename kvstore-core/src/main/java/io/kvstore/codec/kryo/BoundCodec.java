package io.kvstore.codec.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import io.kvstore.CorruptStoreException;
import io.kvstore.KvStoreException;

/** A codec bound to one store: a {@link TypedCodec} with the schemas of the store. */
final class BoundCodec<T> implements StoredCodec.Bound<T> {
  private final TypedCodec<T> codec;
  private final Types types;
  private final ObjectPool<Coders> pool;

  /** The pooled encoder and decoder, for one thread at a time. */
  private record Coders(Encoder encoder, Decoder decoder) {}

  BoundCodec(TypedCodec<T> codec, Schemas schemas, Role role) {
    this.codec = codec;
    this.types = new Types(codec.registry(), schemas, role);
    this.pool =
        new ObjectPool<>(
            () -> {
              Kryo kryo = new Kryo();
              return new Coders(new Encoder(kryo, types), new Decoder(kryo, types));
            });
  }

  @Override
  public byte[] encode(T object) {
    Coders coders = pool.acquire();
    byte[] bytes;
    try {
      bytes = coders.encoder().encode(TypedCodec.STORED, codec.type().cast(object));
    } catch (KryoException e) {
      throw new IllegalArgumentException("the object can't be written: " + e.getMessage(), e);
    } catch (StackOverflowError e) {
      throw new IllegalArgumentException("the object is nested too deeply for the thread", e);
    }
    pool.release(coders);
    return bytes;
  }

  @Override
  public T decode(byte[] bytes) {
    return bytes.length > 0 && bytes[0] == TypedCodec.STORED
        ? decode(bytes, 1)
        : codec.decode(bytes);
  }

  /** Decodes an object from an offset to the end of the bytes. */
  T decode(byte[] bytes, int from) {
    Coders coders = pool.acquire();
    Object object;
    try {
      object = coders.decoder().decode(bytes, from, codec.target());
    } catch (CorruptStoreException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      // With corrupt bytes a constructor may throw anything.
      throw codec.unreadable(e);
    }
    pool.release(coders);
    return codec.checked(object);
  }

  @Override
  public void requireOwn(byte[] bytes) {
    if (types.role() == Role.KEY && (bytes.length == 0 || bytes[0] != TypedCodec.STORED)) {
      throw new KvStoreException(
          "the keys of the store were not written by this codec; if an older version of kvstore"
              + " has written them, copy the entries into a new store");
    }
    // After a repair, values may remain whose schemas are lost; reading such a value reports that.
    // So values are checked only if the store has no schemas at all.
    boolean isChecked = types.role() == Role.KEY || types.schemas().isEmpty();
    if (isChecked && bytes.length > 1 && bytes[0] == TypedCodec.STORED) {
      CheckedInput input = new CheckedInput();
      input.setBuffer(bytes, 1, bytes.length - 1);
      int tag;
      try {
        tag = input.readVarInt(true);
      } catch (KryoException e) {
        throw codec.unreadable(e);
      }
      if (tag >= Tags.FIRST_SCHEMA) {
        types.schemas().get(tag);
      }
    }
  }
}
