package io.kvstore.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.CorruptStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentListTest {
  @TempDir Path directory;

  @Test
  void listIsReadAsItWasWritten() throws IOException {
    SegmentList list = new SegmentList(17, 81_234, 81_300, ids(9, 11, 12, 17), ids(3, 5, 6, 7));
    Files.write(directory.resolve("segments"), list.toBytes().array());

    assertThat(Files.readString(directory.resolve("segments")))
        .startsWith(
            "kvstore segments\nthrough 17\nbefore 81234\nsynced 81300\n"
                + "log 9 11-12 17\ncompacted 3 5-7\nchecksum ");
    assertThat(SegmentList.read(directory)).isEqualTo(list);
  }

  @Test
  void listIsTheSameInEveryLocale() throws IOException {
    SegmentList list = new SegmentList(17, 81_234, 81_300, ids(9, 11, 12, 17), ids(3, 5, 6, 7));
    byte[] here = list.toBytes().array();
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try {
      assertThat(list.toBytes().array()).isEqualTo(here);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void listWithoutSegmentsIsRead() throws IOException {
    SegmentList list = new SegmentList(1, 0, 0, ids(), ids());
    Files.write(directory.resolve("segments"), list.toBytes().array());

    assertThat(SegmentList.read(directory)).isEqualTo(list);
  }

  @Test
  void listOfAsManySegmentsAsThereCanBeIsRead() throws IOException {
    long[] odd = LongStream.range(0, Location.MAX_SEGMENTS / 2).map(i -> 2 * i + 1).toArray();
    SegmentList list = new SegmentList(1 << 20, 5, 5, ids(odd), ids(odd));
    Files.write(directory.resolve("segments"), list.toBytes().array());

    assertThat(SegmentList.read(directory)).isEqualTo(list);
  }

  @Test
  void anyByteThatChangesIsDetected() throws IOException {
    Path file = directory.resolve("segments");
    byte[] whole = new SegmentList(17, 8, 9, ids(9, 11, 12), ids(3)).toBytes().array();
    for (int i = 0; i < whole.length; i++) {
      for (int pattern : new int[] {1, 0x10, 0xFF}) {
        byte[] damaged = whole.clone();
        damaged[i] ^= (byte) pattern;
        Files.write(file, damaged);

        assertThatThrownBy(() -> SegmentList.read(directory))
            .isInstanceOf(CorruptStoreException.class);
      }
    }
  }

  private static SortedSet<Long> ids(long... ids) {
    SortedSet<Long> set = new TreeSet<>();
    for (long id : ids) {
      set.add(id);
    }
    return set;
  }
}
