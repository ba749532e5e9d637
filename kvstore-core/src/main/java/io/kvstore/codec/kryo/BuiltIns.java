package io.kvstore.codec.kryo;

import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.serializers.DefaultArraySerializers.BooleanArraySerializer;
import com.esotericsoftware.kryo.serializers.DefaultArraySerializers.ByteArraySerializer;
import com.esotericsoftware.kryo.serializers.DefaultArraySerializers.CharArraySerializer;
import com.esotericsoftware.kryo.serializers.DefaultArraySerializers.DoubleArraySerializer;
import com.esotericsoftware.kryo.serializers.DefaultArraySerializers.FloatArraySerializer;
import com.esotericsoftware.kryo.serializers.DefaultArraySerializers.IntArraySerializer;
import com.esotericsoftware.kryo.serializers.DefaultArraySerializers.LongArraySerializer;
import com.esotericsoftware.kryo.serializers.DefaultArraySerializers.ShortArraySerializer;
import com.esotericsoftware.kryo.serializers.DefaultSerializers;
import com.esotericsoftware.kryo.serializers.TimeSerializers;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Currency;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The built-in formats: the classes of the JDK that every codec supports, by class and by tag. */
final class BuiltIns {
  private static final Map<Class<?>, TypeFormat> BY_CLASS = new HashMap<>();
  private static final TypeFormat[] BY_TAG = new TypeFormat[Tags.FIRST_SCHEMA];

  /** The class of region-based zones, which is package-private in the JDK. */
  private static final Class<?> ZONE_REGION = ZoneId.of("Europe/Berlin").getClass();

  static {
    leaf(1, Boolean.class, new DefaultSerializers.BooleanSerializer());
    leaf(2, Byte.class, new DefaultSerializers.ByteSerializer());
    leaf(3, Character.class, new DefaultSerializers.CharSerializer());
    leaf(4, Short.class, new DefaultSerializers.ShortSerializer());
    leaf(5, Integer.class, new DefaultSerializers.IntSerializer());
    leaf(6, Long.class, new DefaultSerializers.LongSerializer());
    leaf(7, Float.class, new DefaultSerializers.FloatSerializer());
    leaf(8, Double.class, new DefaultSerializers.DoubleSerializer());
    leaf(9, String.class, new DefaultSerializers.StringSerializer());

    add(new LeafFormat<>(10, boolean[].class, new BooleanArraySerializer(), false));
    add(new LeafFormat<>(11, byte[].class, new ByteArraySerializer(), false));
    add(new LeafFormat<>(12, char[].class, new CharArraySerializer(), false));
    add(new LeafFormat<>(13, short[].class, new ShortArraySerializer(), false));
    add(new LeafFormat<>(14, int[].class, new IntArraySerializer(), false));
    add(new LeafFormat<>(15, long[].class, new LongArraySerializer(), false));
    add(new LeafFormat<>(16, float[].class, new FloatArraySerializer(), false));
    add(new LeafFormat<>(17, double[].class, new DoubleArraySerializer(), false));

    CollectionFormat.all().forEach(format -> add(format.classes(), format));
    MapFormat.all().forEach(format -> add(format.classes(), format));
    add(List.of(Optional.class), new OptionalFormat());
    BY_TAG[Tags.ARRAY] = new ArrayFormat();

    leaf(40, BigInteger.class, new DefaultSerializers.BigIntegerSerializer());
    leaf(41, BigDecimal.class, new DefaultSerializers.BigDecimalSerializer());
    leaf(42, UUID.class, new DefaultSerializers.UUIDSerializer());
    // Equal URIs may differ in the case of their letters.
    add(new LeafFormat<>(43, URI.class, new DefaultSerializers.URISerializer(), false));
    leaf(44, Instant.class, new TimeSerializers.InstantSerializer());
    leaf(45, Duration.class, new TimeSerializers.DurationSerializer());
    leaf(46, LocalDate.class, new TimeSerializers.LocalDateSerializer());
    leaf(47, LocalTime.class, new TimeSerializers.LocalTimeSerializer());
    leaf(48, LocalDateTime.class, new TimeSerializers.LocalDateTimeSerializer());
    leaf(49, OffsetDateTime.class, new TimeSerializers.OffsetDateTimeSerializer());
    leaf(50, ZonedDateTime.class, new TimeSerializers.ZonedDateTimeSerializer());
    leaf(51, Period.class, new TimeSerializers.PeriodSerializer());
    leaf(52, Year.class, new TimeSerializers.YearSerializer());
    leaf(53, YearMonth.class, new TimeSerializers.YearMonthSerializer());
    leaf(54, MonthDay.class, new TimeSerializers.MonthDaySerializer());
    leaf(55, OffsetTime.class, new TimeSerializers.OffsetTimeSerializer());
    leaf(56, ZoneOffset.class, new TimeSerializers.ZoneOffsetSerializer());
    leaf(57, ZoneId.class, new TimeSerializers.ZoneIdSerializer());
    BY_CLASS.put(ZONE_REGION, BY_CLASS.get(ZoneId.class));
    leaf(58, Date.class, new DefaultSerializers.DateSerializer());
    leaf(59, Currency.class, new DefaultSerializers.CurrencySerializer());
  }

  private BuiltIns() {}

  private static <T> void leaf(int tag, Class<T> type, Serializer<T> serializer) {
    add(new LeafFormat<>(tag, type, serializer, true));
  }

  private static void add(LeafFormat<?> format) {
    add(List.of(format.type()), format);
  }

  private static void add(List<Class<?>> classes, TypeFormat format) {
    classes.forEach(c -> BY_CLASS.put(c, format));
    if (BY_TAG[format.tag()] != null) {
      throw new IllegalStateException("tag " + format.tag() + " is taken");
    }
    BY_TAG[format.tag()] = format;
  }

  /** Returns the format of a class, including arrays of objects, or null. */
  static @Nullable TypeFormat of(Class<?> type) {
    TypeFormat format = BY_CLASS.get(type);
    return format == null && type.isArray() ? BY_TAG[Tags.ARRAY] : format;
  }

  static @Nullable TypeFormat of(int tag) {
    return tag >= 0 && tag < BY_TAG.length ? BY_TAG[tag] : null;
  }

  /** Returns the class for a tag that stands for an element type of an array, or null. */
  static @Nullable Class<?> typeOf(int tag) {
    return of(tag) instanceof LeafFormat<?> leaf ? leaf.type() : null;
  }

  /** Returns whether equal objects of a class always have equal bytes. */
  static boolean isKey(Class<?> type) {
    return BY_CLASS.get(type) instanceof LeafFormat<?> leaf && leaf.isKey();
  }
}
