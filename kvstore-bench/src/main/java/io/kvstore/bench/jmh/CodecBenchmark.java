package io.kvstore.bench.jmh;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.CompatibleFieldSerializer;
import com.esotericsoftware.kryo.serializers.RecordSerializer;
import io.kvstore.codec.Codec;
import io.kvstore.codec.Codecs;
import io.kvstore.codec.kryo.InMemorySchemaStore;
import io.kvstore.codec.kryo.Role;
import io.kvstore.codec.kryo.Schemas;
import io.kvstore.codec.kryo.StoredCodec;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time and bytes for encoding and decoding a record of five components.
 *
 * <pre>{@code
 * mvn -pl kvstore-bench jmh run -Djmh.args="CodecBenchmark"
 * }</pre>
 *
 * <p>{@code kvstore} is the codec as a store has it, evolution and all. {@code kryo-record} is
 * Kryo's serializer of records, registered, which can't follow any change. {@code kryo-chunked} is
 * Kryo's for classes that change, chunked, without which it reads wrong bytes; it takes no records,
 * so it gets a class with the same fields. All write into an array of bytes and read from one;
 * Kryo's two use one Kryo, one output and one input again and again, which is the best that they
 * can do on one thread. The bytes a value are printed before the first iteration. Not measured: the
 * time that the store takes.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Threads(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(3)
public class CodecBenchmark {

  /** What is written. */
  public enum Status {
    /** Paid for. */
    PAID,
    /** On its way. */
    SHIPPED
  }

  /** What is written. */
  public record Order(String id, long customer, int quantity, double price, Status status) {}

  /** The same as a class. */
  public static final class OrderObject {
    String id = "";
    long customer;
    int quantity;
    double price;
    Status status = Status.PAID;
  }

  /** Which codec. */
  @Param({"kvstore", "kryo-record", "kryo-chunked"})
  public String codec = "";

  private Codec<Object> used;
  private Object[] objects;
  private int next;

  /** Makes the objects, and says how long their bytes are. */
  @Setup(Level.Trial)
  public void open() {
    used =
        switch (codec) {
          case "kvstore" -> stored();
          case "kryo-record" -> new PlainKryo(false);
          default -> new PlainKryo(true);
        };
    objects = new Object[1024];
    long bytes = 0;
    for (int i = 0; i < objects.length; i++) {
      objects[i] = object(i);
      bytes += used.encode(objects[i]).length;
    }
    System.out.printf("%n# %s: %.1f bytes a value%n", codec, (double) bytes / objects.length);
  }

  private static String orderId(int i) {
    return String.format(Locale.ROOT, "order-%06d", i * 977);
  }

  private Object object(int i) {
    Status status = i % 2 == 0 ? Status.PAID : Status.SHIPPED;
    Order order = new Order(orderId(i), i * 7919L, i % 100, i / 8.0, status);
    if (!codec.equals("kryo-chunked")) {
      return order;
    }
    OrderObject made = new OrderObject();
    made.id = order.id;
    made.customer = order.customer;
    made.quantity = order.quantity;
    made.price = order.price;
    made.status = order.status;
    return made;
  }

  /** One object, written and read. */
  @Benchmark
  public Object writeAndRead() {
    return used.decode(used.encode(objects[next++ & 1023]));
  }

  /** Returns the codec as an open store has it. */
  private static Codec<Object> stored() {
    StoredCodec<Object> codec =
        (StoredCodec<Object>) Codecs.kryo(Object.class, Order.class, Status.class);
    return codec.bind(Schemas.of(new InMemorySchemaStore(List.of())), Role.VALUE);
  }

  private static final class PlainKryo implements Codec<Object> {
    private final Kryo kryo = new Kryo();
    private final Output output = new Output(256, -1);
    private final Input input = new Input();

    PlainKryo(boolean chunked) {
      kryo.setReferences(false);
      kryo.register(Status.class);
      kryo.register(Order.class, new RecordSerializer<>(Order.class));
      CompatibleFieldSerializer<OrderObject> compatible =
          new CompatibleFieldSerializer<>(kryo, OrderObject.class);
      compatible.getCompatibleFieldSerializerConfig().setChunkedEncoding(chunked);
      kryo.register(OrderObject.class, compatible);
    }

    @Override
    public byte[] encode(Object object) {
      output.reset();
      kryo.writeClassAndObject(output, object);
      return output.toBytes();
    }

    @Override
    public Object decode(byte[] bytes) {
      input.setBuffer(bytes);
      return kryo.readClassAndObject(input);
    }
  }
}
