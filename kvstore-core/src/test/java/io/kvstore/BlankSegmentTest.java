package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.codec.Codecs;
import io.kvstore.testing.StoreImage;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A segment that the store needs is gone or blank: opening, reading and verification reject it. */
class BlankSegmentTest {
  private static final String SEGMENTS = "\\d+\\.(segment|compacted)";

  @TempDir Path directory;

  private KvStoreBuilder<String, String> builder(Path path) {
    return KvStore.builder(Codecs.string(), Codecs.string()).directory(path);
  }

  @ParameterizedTest
  @EnumSource
  void storeWithoutItsOnlySegmentIsRejected(Durability durability) throws Exception {
    Path path = directory.resolve("store");
    try (KvStore<String, String> store = builder(path).durability(durability).open()) {
      for (int i = 0; i < 100; i++) {
        store.put("key" + i, "value" + i);
      }
    }
    StoreImage whole = StoreImage.of(path);
    String only = whole.names().stream().filter(name -> name.matches(SEGMENTS)).findFirst().get();

    for (StoreImage image : new StoreImage[] {whole, whole.without("index")}) {
      requireRejected(image.without(only), only + " is missing");
      requireRejected(image.with(only, new byte[0]), only + " is empty");
      requireRejected(image.with(only, new byte[image.bytes(only).length]), only + " is blank");
    }
  }

  @Test
  void storeWithABlankSegmentIsRejected() throws Exception {
    Path path = directory.resolve("store");
    try (KvStore<String, String> store = builder(path).maxSegmentBytes(4096).open()) {
      for (int i = 0; i < 1_000; i++) {
        store.put("key" + i % 50, "value" + i);
      }
      store.compact();
    }
    StoreImage whole = StoreImage.of(path);
    assertThat(whole.names()).filteredOn(name -> name.matches(SEGMENTS)).hasSizeGreaterThan(1);

    for (String name : whole.names()) {
      if (name.matches(SEGMENTS)) {
        requireRejected(whole.with(name, new byte[whole.bytes(name).length]), name + " is blank");
        requireRejected(whole.with(name, new byte[0]), name + " is empty");
      }
    }
  }

  private void requireRejected(StoreImage image, String what) throws Exception {
    Path path = directory.resolve("damaged");
    image.writeTo(path);

    assertThat(StoreVerifier.verify(path, null).isWhole()).as(what).isFalse();
    assertThatThrownBy(() -> builder(path).readOnly().open().close())
        .as(what)
        .isInstanceOf(CorruptStoreException.class);
    assertThatThrownBy(() -> builder(path).open().close())
        .as(what)
        .isInstanceOf(CorruptStoreException.class);
    assertThat(StoreImage.of(path).isSame(image)).as(what + ": unchanged").isTrue();
  }
}
