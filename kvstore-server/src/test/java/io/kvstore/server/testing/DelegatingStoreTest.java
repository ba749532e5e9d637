package io.kvstore.server.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.KvStore;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The delegating store: methods that a test does not change go to the store behind it. */
class DelegatingStoreTest {
  private static final byte[] KEY = {1};
  private static final byte[] VALUE = {2};

  @Test
  void markedMethodsAreCalledAndTheStoreForOthers() {
    Rejecting rejecting = new Rejecting();
    KvStore<byte[], byte[]> store = rejecting.changed();

    store.put(KEY, VALUE, Duration.ofDays(1));

    assertThatThrownBy(() -> store.put(KEY, VALUE)).isInstanceOf(ArithmeticException.class);
    assertThat(store.get(KEY)).isEqualTo(VALUE);
    assertThat(store.batch().operations()).isEmpty();
    assertThatThrownBy(() -> store.put(null, VALUE, Duration.ofDays(1)))
        .isInstanceOf(NullPointerException.class);
    assertThat(rejecting.behind().size()).isEqualTo(1);
  }

  @Test
  void methodInPlaceOfNothingIsRejected() {
    assertThatThrownBy(Misspelled::new).hasMessageContaining("putt");
  }

  static final class Rejecting extends DelegatingStore {
    @Instead
    void put(byte[] key, byte[] value) {
      if (value.length > 0) {
        throw new ArithmeticException();
      }
    }
  }

  static final class Misspelled extends DelegatingStore {
    @Instead
    void putt(byte[] key, byte[] value) {}
  }
}
