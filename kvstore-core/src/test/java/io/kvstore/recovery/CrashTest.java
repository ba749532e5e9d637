package io.kvstore.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.testing.Expectation;
import io.kvstore.testing.ListFile;
import io.kvstore.testing.LogLayout;
import io.kvstore.testing.Offsets;
import io.kvstore.testing.Reopening;
import io.kvstore.testing.Sample;
import io.kvstore.testing.StoreImage;
import io.kvstore.testing.Warnings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cuts the log at any byte: whole records survive, nothing else appears. A run takes every ninth
 * byte; see {@link Offsets}.
 */
class CrashTest {
  private static final int THREADS = 4;
  private static final int STEP = 9;
  private static final int BEHIND = 40;

  @TempDir Path directory;
  private Warnings warnings;

  @BeforeEach
  void collectWarnings() {
    warnings = Warnings.collect();
  }

  @AfterEach
  void stopCollecting() {
    warnings.close();
  }

  @Test
  void samplesAreWhatTheyClaim() {
    for (Sample sample : Sample.all(directory)) {
      LogLayout layout = LogLayout.of(sample.image());

      if (sample.isCompacted()) {
        checkCompacted(sample);
      } else {
        assertThat(layout.changes()).as(sample.name()).isEqualTo(sample.history().changes());
        assertThat(layout.files()).hasSize(sample.name().startsWith("several") ? 3 : 1);
      }
      int changes = sample.history().changes().size();
      assertThat(layout.entriesWithout(Set.of()))
          .as(sample.name())
          .isEqualTo(sample.history().entriesAfter(changes));
      assertThat(layout.records()).as(sample.name()).anyMatch(LogLayout.Found::more);
      boolean marked = layout.records().stream().anyMatch(r -> r.type() == LogLayout.MARK);
      assertThat(marked).as(sample.name()).isEqualTo(!sample.name().endsWith("unsynced"));
    }
  }

  private static void checkCompacted(Sample sample) {
    ListFile list = ListFile.of(sample.image());
    String text = new String(sample.image().bytes(ListFile.NAME), StandardCharsets.US_ASCII);
    List<LogLayout.Found> moved =
        list.compacted().stream()
            .flatMap(file -> LogLayout.of(sample.image()).records(file).stream())
            .toList();

    assertThat(text)
        .as(sample.name())
        .containsPattern("\nlog 2:[0-9a-f]{8} 3:[0-9a-f]{8} 5:[0-9a-f]{8}\n");
    assertThat(list.compacted()).as(sample.name()).isNotEmpty();
    assertThat(list.newer(sample.image())).as(sample.name()).hasSize(3);
    assertThat(moved).noneMatch(LogLayout.Found::more);
    assertThat(moved).anyMatch(record -> record.type() == LogLayout.PUT);
    assertThat(moved).anyMatch(record -> record.type() == LogLayout.TOMBSTONE);
  }

  @Test
  void openKeepsWholeRecordsOnly() {
    for (Sample sample : Sample.all(directory.resolve("samples"))) {
      for (String file : LogLayout.of(sample.image()).files()) {
        List<Integer> lengths = Offsets.in(sample.image(), file, STEP, BEHIND);
        IntStream.range(0, THREADS).parallel().forEach(t -> truncate(sample, file, lengths, t));
      }
    }
  }

  private void truncate(Sample sample, String file, List<Integer> lengths, int thread) {
    Path copy = directory.resolve("copy-" + thread);
    Reopening reopening = new Reopening(copy, sample.durability(), warnings);
    for (int i = thread; i < lengths.size(); i += THREADS) {
      StoreImage damaged = sample.image().truncated(file, lengths.get(i));
      Expectation expected = Expectation.of(sample.image(), damaged, sample.history());
      reopening.check(damaged, expected, sample + ": " + file + " cut at " + lengths.get(i));
    }
  }

  @Test
  void openRefusesAListThatWasCut() {
    for (Sample sample : compactedSamples()) {
      int length = sample.image().bytes(ListFile.NAME).length;
      List<Integer> lengths = IntStream.range(0, length).boxed().toList();
      IntStream.range(0, THREADS)
          .parallel()
          .forEach(t -> truncate(sample, ListFile.NAME, lengths, t));
    }
  }

  private List<Sample> compactedSamples() {
    return Sample.all(directory.resolve("samples")).stream().filter(Sample::isCompacted).toList();
  }
}
