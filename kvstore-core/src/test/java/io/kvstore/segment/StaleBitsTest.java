package io.kvstore.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.record.RecordFormat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StaleBitsTest {
  private static final int CAPACITY = 1 << 20;

  @ParameterizedTest
  @CsvSource({
    "64, 64, 64",
    "136, 136, 136",
    "64, 3000, 100",
    "4096, 20000, 4096",
    "60000, 90000, 70000"
  })
  void tellsOfRecordsThatAreNoShorterThanAStretch(int shortest, int longest, int guess) {
    List<Integer> starts = starts(shortest, longest);
    Set<Integer> stale = some(starts);
    StaleBits bits = bitsOf(stale, guess);

    for (int i = 0; i + 1 < starts.size(); i++) {
      int at = starts.get(i);
      boolean known = bits.isSet(at, i == 0 ? -1 : starts.get(i - 1), starts.get(i + 1));
      if (shortest >= Integer.highestOneBit(guess)) {
        assertThat(known).isEqualTo(stale.contains(at));
      } else {
        assertThat(known && !stale.contains(at)).isFalse();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"24, 200, 24", "24, 64, 5000", "24, 24, 24"})
  void callsNoRecordStaleThatIsNot(int shortest, int longest, int guess) {
    List<Integer> starts = starts(shortest, longest);
    Set<Integer> stale = some(starts);
    StaleBits bits = bitsOf(stale, guess);

    for (int i = 0; i + 1 < starts.size(); i++) {
      int at = starts.get(i);
      if (bits.isSet(at, i == 0 ? -1 : starts.get(i - 1), starts.get(i + 1))) {
        assertThat(stale).contains(at);
      }
    }
  }

  private static List<Integer> starts(int shortest, int longest) {
    Random random = new Random(5);
    List<Integer> starts = new ArrayList<>();
    for (int at = Segment.HEADER_BYTES; at < CAPACITY; ) {
      starts.add(at);
      at += RecordFormat.aligned(shortest + random.nextInt(longest - shortest + 1));
    }
    return starts;
  }

  private static Set<Integer> some(List<Integer> starts) {
    Random random = new Random(6);
    Set<Integer> some = new HashSet<>(starts);
    some.removeIf(start -> random.nextBoolean());
    return some;
  }

  private static StaleBits bitsOf(Set<Integer> stale, int guess) {
    StaleBits bits = new StaleBits(CAPACITY, guess);
    stale.forEach(bits::set);
    return bits;
  }
}
