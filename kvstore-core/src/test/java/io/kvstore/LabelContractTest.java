package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.testing.Configuration;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of labels, on each configuration. */
class LabelContractTest {
  private static final String LABEL = "image/png";

  @TempDir Path directory;

  private static void put(KvStore<String, String> store, String key, String value, String label) {
    store.write(store.batch().put(key, value, PutOptions.NONE.label(label)));
  }

  @ParameterizedTest
  @EnumSource
  void labelComesBackWithTheEntry(Configuration configuration) throws Exception {
    List<String> watched = new ArrayList<>();
    CountDownLatch told = new CountDownLatch(2);
    ChangeListener<String, String> listener =
        new ChangeListener<>() {
          @Override
          public void onPut(Entry<String, String> entry) {
            watched.add(entry.value() + " " + entry.label());
            told.countDown();
          }

          @Override
          public void onDelete(String key, long version) {}

          @Override
          public void onGap(long from, long to) {}
        };
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      store.watch(listener); // the end of the store is its end
      put(store, "a", "1", LABEL);
      store.put("b", "2");

      assertThat(store.get("a")).isEqualTo("1");
      assertThat(store.getAll(List.of("a", "b")).values()).containsExactlyInAnyOrder("1", "2");
      assertThat(store.entry("a").label()).isEqualTo(LABEL);
      assertThat(store.entry("b").label()).isNull();
      assertThat(store.view("a").label()).isEqualTo(LABEL);
      assertThat(store.view("a").bytes().remaining()).isEqualTo(1);
      assertThat(store).extracting(Entry::label).containsExactlyInAnyOrder(LABEL, null);
      try (Snapshot<String, String> snapshot = store.snapshot()) {
        store.delete("a");
        assertThat(snapshot.entry("a").label()).isEqualTo(LABEL);
      }
      assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(watched).containsExactly("1 " + LABEL, "2 null");
    }
  }

  @ParameterizedTest
  @EnumSource
  void labelGoesWithTheNextPutAndStaysOtherwise(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      put(store, "a", "1", LABEL);
      store.touch("a", Duration.ofHours(1));
      assertThat(store.entry("a").label()).isEqualTo(LABEL);
      store.persist("a");
      assertThat(store.entry("a").label()).isEqualTo(LABEL);
      assertThat(store.replace("a", "1", "2")).isTrue();
      assertThat(store.entry("a").label()).isNull();

      put(store, "a", "3", LABEL);
      assertThat(store.delete("a", "3")).isTrue();
      assertThat(store.putIfAbsent("a", "4")).isNull();
      assertThat(store.entry("a").label()).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void valueAndLabelOfAnySizeComeBack(Configuration configuration) {
    String longest = "ä".repeat(127) + "x";
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      int n = 0;
      for (String label : List.of("x", "größe", longest)) {
        for (String value : List.of("", "v", "v".repeat(1000))) {
          put(store, "key" + n, value, label);

          assertThat(store.get("key" + n)).isEqualTo(value);
          assertThat(store.entry("key" + n).label()).isEqualTo(label);
          n++;
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = "IN_MEMORY", mode = EnumSource.Mode.EXCLUDE)
  void labelSurvivesReopeningAndCompaction(Configuration configuration) {
    Instant deadline = Instant.ofEpochMilli(System.currentTimeMillis()).plusSeconds(3600);
    PutOptions both = PutOptions.NONE.label(LABEL).expiresAt(deadline);
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      store.write(store.batch().put("stale", "", both).put("both", "1", both));
      store.delete("stale");
      store.compact();
      put(store, "one", "2", LABEL);
    }

    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      assertThat(store.entry("both").label()).isEqualTo(LABEL);
      assertThat(store.entry("both").expiresAt()).isEqualTo(deadline);
      assertThat(store.get("both")).isEqualTo("1");
      assertThat(store.entry("one").label()).isEqualTo(LABEL);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\uD800", "half a pair \uDC00"})
  void labelThatIsNoTextIsRefused(String label) {
    assertThatThrownBy(() -> PutOptions.NONE.label(label))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("label");
  }

  @Test
  void labelThatIsTooLongIsRefused() {
    assertThatThrownBy(() -> PutOptions.NONE.label("ä".repeat(128)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("256 bytes")
        .hasMessageContaining("MAX_LABEL_BYTES = 255");
  }

  @Test
  void deadlineIsGivenInOneWayOnly() {
    assertThatThrownBy(() -> new PutOptions(Duration.ofSeconds(1), Instant.now(), null))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
