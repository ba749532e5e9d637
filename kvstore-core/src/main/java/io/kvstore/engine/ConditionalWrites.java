package io.kvstore.engine;

import static io.kvstore.engine.Futures.await;

import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.record.Change;
import io.kvstore.record.LogRecord;
import io.kvstore.record.PutRecord;
import io.kvstore.stripe.Condition;
import io.kvstore.stripe.Decided;
import io.kvstore.stripe.Decision;
import io.kvstore.stripe.Expiry;
import io.kvstore.stripe.Increment;
import io.kvstore.stripe.Precedence;
import io.kvstore.stripe.Stripes;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The conditional writes, which depend on the current value of the key, in terms of {@link
 * Stripes#update}. Each waits until every change that its result depends on is durable.
 */
final class ConditionalWrites<K, V> {
  /** The number of attempts lost to other writers before they are asked to wait. */
  private static final int OPEN_ATTEMPTS = 16;

  private final CodecPair<K, V> codecs;
  private final Stripes stripes;
  private final Expiry expiry;

  ConditionalWrites(CodecPair<K, V> codecs, Stripes stripes, Expiry expiry) {
    this.codecs = codecs;
    this.stripes = stripes;
    this.expiry = expiry;
  }

  Decided put(K key, V value, Condition condition) {
    return await(
        counted(
            stripes.write(stripes.newPut(codecs.key(key), codecs.value(value)), condition),
            condition));
  }

  Decided delete(K key, Condition condition) {
    return await(counted(stripes.write(stripes.newDelete(codecs.key(key)), condition), condition));
  }

  /** Counts a write whose condition did not hold; a delete that finds no entry is not one. */
  private Decided counted(Decided decided, Condition condition) {
    boolean isPlain = condition == Condition.PRESENT || condition == Condition.READABLE_PRESENT;
    if (!decided.isWritten() && !isPlain) {
      stripes.counters().refused();
    }
    return decided;
  }

  @Nullable V putIfAbsent(K key, V value) {
    return codecs.decoded(put(key, value, Condition.ABSENT).before());
  }

  boolean replace(K key, V expected, V value) {
    return ifValue(
        expected,
        new Function<>() {
          @Override
          public Decided apply(Condition condition) {
            return put(key, value, condition);
          }
        });
  }

  boolean delete(K key, V expected) {
    return ifValue(
        expected,
        new Function<>() {
          @Override
          public Decided apply(Condition condition) {
            return delete(key, condition);
          }
        });
  }

  /** Compares by bytes, or by version if the bytes differ because the class has changed. */
  private boolean ifValue(V expected, Function<Condition, Decided> write) {
    byte[] bytes = codecs.expected(expected);
    Decided decided = write.apply(Condition.value(bytes));
    for (int i = 0; i < KvStore.MAX_COMPUTE_ATTEMPTS; i++) {
      PutRecord before = decided.before();
      if (decided.isWritten() || before == null || !codecs.isSame(before.value(), bytes)) {
        return decided.isWritten();
      }
      decided = write.apply(Condition.version(before.sequence()));
    }
    return decided.isWritten();
  }

  @Nullable V compute(
      K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
    byte[] bytes = codecs.key(key);
    Precedence precedence = stripes.precedence(bytes);
    try {
      return compute(key, bytes, function, precedence);
    } finally {
      precedence.release();
    }
  }

  private @Nullable V compute(
      K key,
      byte[] bytes,
      BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function,
      Precedence precedence) {
    for (int i = 0; i < KvStore.MAX_COMPUTE_ATTEMPTS; i++) {
      if (i >= OPEN_ATTEMPTS) {
        precedence.claim();
      }
      // Reads as a writer: the index may be older than the change that the result builds on.
      Decided read =
          stripes.update(
              bytes,
              new Decision() {
                @Override
                public @Nullable LogRecord decide(byte[] own, @Nullable PutRecord found) {
                  return null;
                }
              });
      PutRecord before = read.before();
      V result = function.apply(key, codecs.decoded(before));
      if (before == null && result == null) {
        await(read);
        return null;
      }
      Decided decided = stripes.write(result(bytes, result, before), Condition.unchanged(before));
      if (decided.isWritten()) {
        await(decided);
        return result;
      }
    }
    throw new KvStoreException(
        "other writes of the key came in between MAX_COMPUTE_ATTEMPTS = "
            + KvStore.MAX_COMPUTE_ATTEMPTS
            + " times");
  }

  private Change result(byte[] key, @Nullable V result, @Nullable PutRecord before) {
    if (result == null) {
      return stripes.newDelete(key);
    }
    byte[] value = codecs.value(result);
    return before == null
        ? stripes.newPut(key, value)
        : stripes.newPut(key, value, before.deadline(), null);
  }

  long increment(K key, long delta) {
    if (!codecs.holdsLongs()) {
      throw new UnsupportedOperationException(
          "increment is for stores whose values are encoded by Codecs.longs()");
    }
    Increment increment = new Increment(delta);
    Decided decided = await(stripes.update(codecs.key(key), increment));
    if (!decided.isWritten()) {
      throw new ArithmeticException(
          codecs.decoded(decided.before()) + " and " + delta + " make more than a long can hold");
    }
    return increment.sum();
  }

  boolean touch(K key, Duration ttl) {
    long deadline = expiry.deadline(ttl);
    Decision decision =
        new Decision() {
          @Override
          public @Nullable LogRecord decide(byte[] own, @Nullable PutRecord found) {
            return found == null
                ? null
                : LogRecord.put(own, found.value(), deadline, found.label());
          }
        };
    return await(stripes.update(codecs.key(key), decision)).isWritten();
  }

  boolean persist(K key) {
    Decision decision =
        new Decision() {
          @Override
          public @Nullable LogRecord decide(byte[] own, @Nullable PutRecord found) {
            return found == null || !found.hasDeadline()
                ? null
                : LogRecord.put(own, found.value(), Long.MAX_VALUE, found.label());
          }
        };
    return await(stripes.update(codecs.key(key), decision)).isWritten();
  }
}
