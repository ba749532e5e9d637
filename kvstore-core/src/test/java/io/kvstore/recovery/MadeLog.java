package io.kvstore.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kvstore.CorruptStoreException;
import io.kvstore.VerifyReport;
import io.kvstore.files.SegmentFiles;
import io.kvstore.files.SegmentList;
import io.kvstore.log.RecoveredLog;
import io.kvstore.log.WriterTags;
import io.kvstore.repair.LogInspection;
import io.kvstore.repair.LogInspector;
import io.kvstore.segment.MadeSegment;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentTable;
import io.kvstore.testing.DirectoryImage;
import io.kvstore.testing.FaultyStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A directory with segments made record by record. Its three readers have to agree: the opening of
 * a store, an opening for reading, and the verification.
 */
public final class MadeLog {
  private final Path directory;

  public MadeLog(Path directory) {
    this.directory = directory;
  }

  public MadeLog with(MadeSegment... segments) {
    for (MadeSegment segment : segments) {
      segment.writeTo(directory);
    }
    return this;
  }

  public MadeLog with(SegmentList list) throws IOException {
    Files.write(directory.resolve(SegmentList.FILE), list.toBytes().array());
    return this;
  }

  public MadeLog with(String file, byte[] bytes) throws IOException {
    Files.write(directory.resolve(file), bytes);
    return this;
  }

  public MadeLog without(String file) throws IOException {
    Files.delete(directory.resolve(file));
    return this;
  }

  SegmentFiles files() {
    return new SegmentFiles(directory, FaultyStorage.withoutSyncs(), false);
  }

  public List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  // ---- readers

  public RecoveredLog recover() throws IOException {
    return recover(new LatestChanges(null, false));
  }

  public RecoveredLog recover(LatestChanges target) throws IOException {
    return recover(target, WriterTags.NONE);
  }

  public RecoveredLog recover(LatestChanges target, WriterTags tags) throws IOException {
    return new Recovery(files(), target, new RecoveryProgress(), tags).run(new SegmentTable());
  }

  RecoveredLog read(LatestChanges target) throws IOException {
    return new ReadOnlyRecovery(files(), target, new RecoveryProgress()).run(new SegmentTable());
  }

  public LogInspection inspect() throws IOException {
    LatestChanges target = new LatestChanges(null, false);
    return LogInspector.inspect(directory, new SegmentTable(), target, new RecoveryProgress());
  }

  VerifyReport verify() throws IOException {
    return inspect().report(0, List.of());
  }

  // ---- what they have to say

  /** Asserts that the log opens, with the latest change of each key, and what is cut off it. */
  public RecoveredLog requireOpens(Map<String, Long> changes, long sequence, long cutBytes)
      throws IOException {
    DirectoryImage before = DirectoryImage.of(directory);
    VerifyReport report = verify();
    assertThat(report.isWhole()).as("%s", report).isTrue();
    assertThat(report.tornBytes()).as("torn, as verification says").isEqualTo(cutBytes);

    LatestChanges reader = new LatestChanges(null, false);
    RecoveredLog read = read(reader);
    assertThat(read.sequence()).as("sequence for readers").isEqualTo(sequence);
    assertThat(read.segments().list()).extracting(Segment::header).doesNotHaveDuplicates();
    assertThat(reader.changes()).as("read").isEqualTo(changes);
    assertThat(reader.finished()).isEqualTo(1);
    assertThat(DirectoryImage.of(directory).isSame(before)).as("reading changes nothing").isTrue();

    LatestChanges first = new LatestChanges(null, false);
    RecoveredLog opened = recover(first);
    assertThat(opened.sequence()).as("sequence").isEqualTo(sequence);
    assertThat(opened.cutBytes()).as("cut").isEqualTo(cutBytes);
    assertThat(opened.segments().list()).extracting(Segment::header).doesNotHaveDuplicates();
    assertThat(first.changes()).as("changes").isEqualTo(changes);
    assertThat(first.finished()).isEqualTo(1);

    LatestChanges second = new LatestChanges(null, false);
    RecoveredLog again = recover(second);
    assertThat(again.sequence()).as("sequence of the next opening").isEqualTo(sequence);
    assertThat(again.cutBytes()).as("cut by the next opening").isZero();
    assertThat(second.changes()).as("changes of the next opening").isEqualTo(changes);
    return opened;
  }

  /** Asserts that all readers refuse the log, an opening with some words, and change nothing. */
  public CorruptStoreException requireRefused(String why) throws IOException {
    DirectoryImage before = DirectoryImage.of(directory);
    VerifyReport report = verify();
    assertThat(report.isWhole()).as("%s", report).isFalse();
    assertThat(report.tornBytes()).isZero();
    LatestChanges target = new LatestChanges(null, false);
    CorruptStoreException reading =
        catchThrowableOfType(CorruptStoreException.class, () -> read(target));
    assertThat(reading).as("an opening for reading").isNotNull();
    CorruptStoreException opening =
        catchThrowableOfType(CorruptStoreException.class, () -> recover(target));
    assertThat(opening).as("an opening").isNotNull().hasMessageContaining(why);
    assertThat(reading.file()).isEqualTo(opening.file());
    assertThat(DirectoryImage.of(directory).isSame(before)).as("nothing has changed").isTrue();
    assertThat(target.finished()).isZero();
    return opening;
  }
}
