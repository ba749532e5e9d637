package io.kvstore.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WorkloadTest {
  private static final int ENTRIES = 1_000;

  @Test
  void keyHasSixteenBytes() {
    assertThat(Workload.key(0)).isEqualTo("key:000000000000");
    assertThat(Workload.key(123_456_789_012L)).isEqualTo("key:123456789012");
    assertThat(Workload.key(9_999_999).getBytes(StandardCharsets.UTF_8))
        .hasSize(Workload.KEY_BYTES);
  }

  @Test
  void randomKeysAreThoseOfTheEntriesAndReachAll() {
    Set<String> keys = new HashSet<>(LongStream.range(0, ENTRIES).mapToObj(Workload::key).toList());
    Workload workload = new Workload(ENTRIES, 7);

    Set<String> asked = new HashSet<>();
    for (int call = 0; call < 20 * ENTRIES; call++) {
      asked.add(workload.nextKey());
    }

    assertThat(keys).hasSize(ENTRIES);
    assertThat(asked).isEqualTo(keys);
  }

  @Test
  void seedGivesTheSameKeysAndValues() {
    Workload one = new Workload(ENTRIES, 7);
    Workload same = new Workload(ENTRIES, 7);
    Workload other = new Workload(ENTRIES, 8);

    assertThat(one.nextKey()).isEqualTo(same.nextKey());
    assertThat(one.nextValue())
        .hasSize(Workload.VALUE_BYTES)
        .isEqualTo(same.nextValue())
        .isNotEqualTo(other.nextValue());
  }

  @Test
  void valuesDiffer() {
    Workload workload = new Workload(ENTRIES, 7);

    byte[] first = workload.nextValue().clone();

    assertThat(workload.nextValue()).isNotEqualTo(first);
  }

  @Test
  void putsComeAsOftenAsAsked() {
    Workload workload = new Workload(ENTRIES, 7);

    int puts = 0;
    for (int call = 0; call < 100_000; call++) {
      puts += workload.nextIsPut(10) ? 1 : 0;
    }

    assertThat(puts).isBetween(9_500, 10_500);
  }
}
