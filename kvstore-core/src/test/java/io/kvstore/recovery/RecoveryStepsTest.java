package io.kvstore.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.files.SegmentFiles;
import io.kvstore.log.WriterTags;
import io.kvstore.segment.MadeSegment;
import io.kvstore.segment.SegmentTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * In which order recovery changes a directory: a power cut between any two steps leaves what
 * recovery makes the same of.
 */
class RecoveryStepsTest {
  @TempDir Path directory;

  private List<String> steps() throws IOException {
    NotedSteps storage = new NotedSteps();
    new Recovery(
            new SegmentFiles(directory, storage, false),
            new LatestChanges(null, false),
            new RecoveryProgress(),
            WriterTags.NONE)
        .run(new SegmentTable());
    return storage.steps;
  }

  @Test
  void tornTailIsCutFromItsLastFileToItsFirst() throws IOException {
    new MadeLog(directory)
        .with(
            MadeSegment.of(1).put("a", 1).put("b", 2).damaged(),
            MadeSegment.of(2).put("c", 3),
            MadeSegment.of(3).put("d", 4),
            MadeSegment.of(4));

    assertThat(steps())
        .containsExactly(
            "delete 4.segment",
            "sync",
            "move 3.segment to 3.segment.cut",
            "sync",
            "move 2.segment to 2.segment.cut",
            "sync",
            "write",
            "sync file");
  }

  @Test
  void segmentsThatWereMadeAheadGoFromTheLastToTheFirst() throws IOException {
    new MadeLog(directory)
        .with(MadeSegment.of(1).put("a", 1), MadeSegment.of(2), MadeSegment.of(3));

    assertThat(steps()).containsExactly("delete 3.segment", "sync", "delete 2.segment", "sync");
  }

  @Test
  void blankFilesGoFromTheLastToTheFirstOnceTheListIsDurable() throws IOException {
    new MadeLog(directory)
        .with(MadeSegment.of(1).put("a", 1))
        .with("0000000002.segment", new byte[0])
        .with("0000000003.segment", new byte[MadeSegment.CAPACITY]);

    assertThat(steps()).containsExactly("sync", "delete 3.segment", "delete 2.segment");
  }

  @Test
  void wholeLogIsLeftAsItIs() throws IOException {
    new MadeLog(directory).with(MadeSegment.of(1).put("a", 1));

    assertThat(steps()).isEmpty();
  }
}
