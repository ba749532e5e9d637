package io.kvstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.bench.rival.Rival;
import org.junit.jupiter.api.Test;

class HeapPerEntryTest {

  /** 116 for the value's array, 56 for the key, 32 for the node, and the table. */
  @Test
  void mapTakesWhatItsObjectsTake() {
    assertThat(HeapPerEntry.heapPerEntry(Rival.MAP, 50_000)).isBetween(200.0, 260.0);
  }
}
