package io.kvstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.bench.load.Workload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoadTest {
  private static final int ENTRIES = 1_000;

  @Test
  void fillingPutsEveryEntryOnceInOrder() {
    List<String> keys = new ArrayList<>();

    Load.filling(ENTRIES, 100).inOrder((key, value) -> keys.add(key));

    assertThat(keys)
        .containsExactlyElementsOf(IntStream.range(0, ENTRIES).mapToObj(Workload::key).toList());
  }

  @Test
  void overwritingPutsEveryEntrySoOftenInAnotherOrder() {
    List<String> keys = new ArrayList<>();

    Load.overwriting(ENTRIES, 3, 100).inOrder((key, value) -> keys.add(key));

    assertThat(keys).hasSize(3 * ENTRIES).isNotEqualTo(keys.stream().sorted().toList());
    assertThat(keys).allSatisfy(key -> assertThat(Collections.frequency(keys, key)).isEqualTo(3));
  }

  @Test
  void allProcessorsTogetherPutEveryEntry() {
    ConcurrentHashMap<String, Integer> lengths = new ConcurrentHashMap<>();

    Load.filling(ENTRIES, 16).onAllProcessors((key, value) -> lengths.put(key, value.length));

    assertThat(lengths).hasSize(ENTRIES).containsValue(16);
  }
}
