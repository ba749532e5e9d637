package io.kvstore.codec.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.serializers.CollectionSerializer;
import com.esotericsoftware.kryo.serializers.DefaultSerializers.URISerializer;
import com.esotericsoftware.kryo.serializers.DefaultSerializers.UUIDSerializer;
import com.esotericsoftware.kryo.serializers.MapSerializer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The classes of the JDK that the legacy format supports, each with a permanent id.
 *
 * <p>The initial capacity of a collection is bounded by the remaining bytes, whatever length is
 * stored.
 */
final class JdkClasses {
  private JdkClasses() {}

  /**
   * Registers all classes. The ids are part of the stored format: an id is never changed or reused.
   */
  static void register(Kryo kryo) {
    kryo.register(ArrayList.class, new Collections<>(ArrayList::new, list -> list), 10);
    kryo.register(HashSet.class, new Collections<>(HashSet::new, set -> set), 11);
    kryo.register(LinkedHashSet.class, new Collections<>(LinkedHashSet::new, set -> set), 12);
    kryo.register(TreeSet.class, 13);
    kryo.register(HashMap.class, new Maps<>(HashMap::new, map -> map), 14);
    kryo.register(LinkedHashMap.class, new Maps<>(LinkedHashMap::new, map -> map), 15);
    kryo.register(TreeMap.class, 16);

    Serializer<?> lists = new Collections<>(ArrayList::new, list -> List.of(list.toArray()));
    Serializer<?> sets = new Collections<>(HashSet::new, Set::copyOf);
    Serializer<?> maps = new Maps<>(HashMap::new, Map::copyOf);
    kryo.register(List.of().getClass(), lists, 20);
    kryo.register(List.of(1).getClass(), lists, 21);
    kryo.register(List.of(1, 2, 3).subList(0, 2).getClass(), lists, 22);
    kryo.register(Set.of().getClass(), sets, 23);
    kryo.register(Set.of(1).getClass(), sets, 24);
    kryo.register(Map.of().getClass(), maps, 25);
    kryo.register(Map.of(1, 1).getClass(), maps, 26);

    kryo.register(Optional.class, 30);
    kryo.register(UUID.class, new UUIDSerializer(), 31);
    kryo.register(BigInteger.class, 32);
    kryo.register(BigDecimal.class, 33);
    kryo.register(URI.class, new URISerializer(), 34);
    kryo.register(byte[].class, 35);

    kryo.register(Instant.class, 40);
    kryo.register(Duration.class, 41);
    kryo.register(LocalDate.class, 42);
    kryo.register(LocalTime.class, 43);
    kryo.register(LocalDateTime.class, 44);
    kryo.register(OffsetDateTime.class, 45);
    kryo.register(ZonedDateTime.class, 46);
    kryo.register(Period.class, 47);
    kryo.register(Year.class, 48);
    kryo.register(YearMonth.class, 49);
  }

  private static int capacity(int said, Input input) {
    LegacyDecoder.check(said, input);
    return Math.min(said, input.limit() - input.position()) + 1;
  }

  private static final class Collections<C extends Collection<Object>>
      extends CollectionSerializer<Collection<Object>> {
    private final IntFunction<C> empty;
    private final Function<C, Collection<Object>> finish;

    Collections(IntFunction<C> empty, Function<C, Collection<Object>> finish) {
      this.empty = empty;
      this.finish = finish;
    }

    @Override
    protected Collection<Object> create(
        Kryo kryo, Input input, Class<? extends Collection<Object>> type, int size) {
      return empty.apply(capacity(size, input));
    }

    @Override
    @SuppressWarnings("unchecked") // what create has made
    public @Nullable Collection<Object> read(
        Kryo kryo, Input input, Class<? extends Collection<Object>> type) {
      Collection<Object> read = super.read(kryo, input, type);
      return read == null ? null : finish.apply((C) read);
    }
  }

  private static final class Maps<M extends Map<Object, Object>>
      extends MapSerializer<Map<Object, Object>> {
    private final IntFunction<M> empty;
    private final Function<M, Map<Object, Object>> finish;

    Maps(IntFunction<M> empty, Function<M, Map<Object, Object>> finish) {
      this.empty = empty;
      this.finish = finish;
    }

    @Override
    protected Map<Object, Object> create(
        Kryo kryo, Input input, Class<? extends Map<Object, Object>> type, int size) {
      return empty.apply(capacity(size, input));
    }

    @Override
    @SuppressWarnings("unchecked") // what create has made
    public @Nullable Map<Object, Object> read(
        Kryo kryo, Input input, Class<? extends Map<Object, Object>> type) {
      Map<Object, Object> read = super.read(kryo, input, type);
      return read == null ? null : finish.apply((M) read);
    }
  }
}
