package io.kvstore.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Class changes of keys: equal keys always have equal bytes, or opening the store fails. */
class KeyEvolutionTest {
  private static final String ID = "io.kvstore.codec.KeyEvolutionTest$Id";
  private static final String KIND = "io.kvstore.codec.KeyEvolutionTest$Kind";

  enum Kind {
    BIG,
    SMALL
  }

  record Id(String name, int number, Kind kind, Optional<UUID> uuid, Instant at) {}

  enum NewKind {
    TINY,
    SMALL,
    @FormerName("BIG")
    LARGE
  }

  record Reordered(
      Instant at,
      NewKind kind,
      @FormerName("number") int count,
      String name,
      Optional<UUID> uuid) {}

  record Wider(String name, long number, Kind kind, Optional<UUID> uuid, Instant at) {}

  record Longer(
      String name, int number, Kind kind, Optional<UUID> uuid, Instant at, boolean more) {}

  record WithSet(Set<String> names) {}

  record WithUri(URI uri) {}

  record WithList(List<String> names) {}

  record WithAnything(Object any) {}

  static final class Plain {
    int number;
  }

  private static final UUID SOME = new UUID(1, 2);
  private static final Id KEY = new Id("a", 1, Kind.BIG, Optional.of(SOME), Instant.EPOCH);

  @TempDir Path directory;

  private <K> KvStore<K, String> open(Codec<K> keys) {
    return KvStore.builder(keys, Codecs.string()).directory(directory).open();
  }

  private void fill() {
    try (KvStore<Id, String> store = open(Codecs.kryo(Id.class, Kind.class))) {
      store.put(KEY, "value");
    }
  }

  @Test
  void equalKeysAreFoundWhateverTheOrderOfRegistration() {
    fill();

    try (KvStore<Id, String> store = open(Codecs.kryo(Id.class).with(Kind.class))) {
      assertThat(store.get(KEY)).isEqualTo("value");
      assertThat(store.iterator().next().key()).isEqualTo(KEY);
    }
  }

  @Test
  void namesAndOrderMayChangeAndConstantsMayCome() {
    fill();
    Codec<Reordered> keys =
        Codecs.kryo(Reordered.class, NewKind.class)
            .formerName(Reordered.class, ID)
            .formerName(NewKind.class, KIND);

    try (KvStore<Reordered, String> store = open(keys)) {
      Reordered key = new Reordered(Instant.EPOCH, NewKind.LARGE, 1, "a", Optional.of(SOME));
      Reordered other = new Reordered(Instant.EPOCH, NewKind.TINY, 1, "a", Optional.of(SOME));

      assertThat(store.get(key)).isEqualTo("value");
      assertThat(store.iterator().next().key()).isEqualTo(key);
      store.put(other, "other");
      assertThat(store.get(other)).isEqualTo("other");
      assertThat(store.size()).isEqualTo(2);
    }
  }

  @Test
  void changedKeyClassIsRefusedWhenTheStoreIsOpened() {
    fill();

    assertThatThrownBy(() -> open(Codecs.kryo(Wider.class, Kind.class).formerName(Wider.class, ID)))
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining("Wider is part of keys, and has changed")
        .hasMessageContaining("number int");
    assertThatThrownBy(
            () -> open(Codecs.kryo(Longer.class, Kind.class).formerName(Longer.class, ID)))
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining("has changed");
    try (KvStore<Id, String> store = open(Codecs.kryo(Id.class, Kind.class))) {
      assertThat(store.get(KEY)).isEqualTo("value");
    }
  }

  @Test
  void classInKeysAndValuesMayNotChangeInKeysThoughItMayInValues() {
    try (KvStore<Id, Object> store =
        KvStore.builder(
                Codecs.kryo(Id.class, Kind.class), Codecs.kryo(Object.class, Id.class, Kind.class))
            .directory(directory)
            .open()) {
      store.put(KEY, KEY);
    }

    Codec<Object> wider =
        Codecs.kryo(Object.class, Wider.class, Kind.class).formerName(Wider.class, ID);
    try (KvStore<Id, Object> store =
        KvStore.builder(Codecs.kryo(Id.class, Kind.class), wider).directory(directory).open()) {
      assertThat(store.get(KEY))
          .isEqualTo(new Wider("a", 1, Kind.BIG, Optional.of(SOME), Instant.EPOCH));
      store.put(KEY, store.get(KEY));
      assertThat(store.size()).isEqualTo(1);
    }
  }

  @Test
  void readerLooksForKeysOfAClassThatWasNeverWritten() {
    open(Codecs.kryo(Id.class, Kind.class)).close();

    try (KvStore<Id, String> reader =
        KvStore.builder(Codecs.kryo(Id.class, Kind.class), Codecs.string())
            .directory(directory)
            .readOnly()
            .open()) {
      assertThat(reader.get(KEY)).isNull();
      assertThat(reader.containsKey(KEY)).isFalse();
    }
  }

  @Test
  void keyThatCanBeWrittenInSeveralWaysIsRefused() {
    for (Class<?> type :
        List.of(
            WithSet.class,
            WithUri.class,
            WithList.class,
            WithAnything.class,
            Plain.class,
            Object.class)) {
      assertThatThrownBy(() -> open(Codecs.kryo(type)))
          .as(type.getName())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("key");
    }
    open(Codecs.string()).close();
  }
}
