package io.kvstore.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.DefaultArraySerializers.ObjectArraySerializer;
import java.io.Serial;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One Kryo with its buffers; for one thread at a time, and not used again after an exception. */
final class KryoMarshaller {
  /** Ids below are left to Kryo's own and to classes that the store may come to know by itself. */
  private static final int FIRST_ID = 128;

  private static final int BUFFER_BYTES = 256;

  /** A buffer that has grown beyond this is not kept. */
  private static final int MAX_KEPT_BUFFER_BYTES = 64 << 10;

  private final Kryo kryo;
  private final CheckedInput input = new CheckedInput();
  private Output output = new Output(BUFFER_BYTES, -1);

  KryoMarshaller(List<Class<?>> classes) {
    kryo = new RegisteredKryo();
    kryo.setRegistrationRequired(true);
    kryo.setReferences(false);
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
    } else {
      kryo.register(c, id);
    }
  }

  byte[] encode(Object object) {
    output.reset();
    output.writeByte(KryoCodec.FORMAT);
    try {
      kryo.writeClassAndObject(output, object);
    } catch (KryoException e) {
      throw unregistered(e);
    }
    byte[] bytes = output.toBytes();
    if (output.getBuffer().length > MAX_KEPT_BUFFER_BYTES) {
      output = new Output(BUFFER_BYTES, -1);
    }
    return bytes;
  }

  @Nullable Object decode(byte[] bytes) {
    input.setBuffer(bytes, 1, bytes.length - 1);
    Object object = kryo.readClassAndObject(input);
    if (input.position() != bytes.length) {
      throw new KryoException(bytes.length - input.position() + " bytes are left over");
    }
    input.setBuffer(new byte[0]);
    return object;
  }

  /** Kryo wraps what a nested object throws; the caller's mistake is better named plainly. */
  private static RuntimeException unregistered(KryoException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnregisteredException found) {
        return found;
      }
    }
    return e;
  }

  private static final class UnregisteredException extends IllegalArgumentException {
    @Serial private static final long serialVersionUID = 1L;

    UnregisteredException(Class<?> type) {
      super(
          type.getName()
              + " is not registered: add it at the end, Codecs.kryo(..., "
              + type.getSimpleName()
              + ".class)");
    }
  }

  /** Refuses a length that the bytes can't hold before it makes the array. */
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

  private static final class RegisteredKryo extends Kryo {
    @Override
    @SuppressWarnings("rawtypes") // as in Kryo
    public Registration getRegistration(Class type) {
      try {
        return super.getRegistration(type);
      } catch (IllegalArgumentException e) {
        throw new UnregisteredException(type);
      }
    }
  }
}
