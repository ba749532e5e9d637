package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.kvstore.codec.Codecs;
import io.kvstore.testing.Expectation;
import io.kvstore.testing.ListFile;
import io.kvstore.testing.LogLayout;
import io.kvstore.testing.LongForm;
import io.kvstore.testing.Sample;
import io.kvstore.testing.StoreImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract of verification: its result matches what an opening would do, and it changes no
 * byte.
 */
class StoreVerifierTest {
  private static final int SAMPLED = LongForm.of(17, 1);
  private static final int BETWEEN_ENDS = LongForm.of(51, 1);
  private static final String FIRST = "0000000001.segment";
  private static final String SECOND = "0000000002.segment";

  @TempDir Path directory;

  private final Random random = new Random(LongForm.seed("kvstore.test.seed"));

  @Test
  void wholeStoreIsCounted() {
    Path data = directory.resolve("data");
    try (KvStore<String, String> store = open(data)) {
      store.put("a", "1");
      store.put("a", "2");
      store.put("b", "1");
      store.put("c", "1");
      store.delete("b");
    }

    VerifyReport report = StoreVerifier.verify(data, null);

    assertThat(report.isWhole()).isTrue();
    assertThat(report.segments()).isEqualTo(1);
    assertThat(report.puts()).isEqualTo(4);
    assertThat(report.putBytes()).isEqualTo(4 * 24);
    assertThat(report.entries()).isEqualTo(2);
    assertThat(report.liveBytes()).isEqualTo(2 * 24);
    assertThat(report.stalePuts()).isEqualTo(2);
    assertThat(report.staleBytes()).isEqualTo(2 * 24);
    assertThat(report.tombstones()).isEqualTo(1);
    assertThat(report.tombstoneBytes()).isEqualTo(24);
    assertThat(report.marks()).isPositive();
    assertThat(report.tornBytes()).isZero();
  }

  @Test
  void verdictIsThatOfAnOpeningWhereverAByteChanges() {
    for (Sample sample : Sample.all(directory.resolve("samples"))) {
      LogLayout layout = LogLayout.of(sample.image());
      for (String file : filesOf(sample)) {
        int end = layout.end(file);
        int first = random.nextInt(SAMPLED);
        for (int at = 0; at < sample.image().bytes(file).length; at++) {
          if (at % 499 == 0 || (at < end && at % SAMPLED == first && !layout.isInLong(file, at))) {
            check(sample, sample.image().flipped(file, at, 0xFF), file + " changed at " + at);
          }
        }
      }
    }
  }

  @Test
  void verdictIsThatOfAnOpeningWhereverAFileEnds() {
    for (Sample sample : Sample.all(directory.resolve("samples"))) {
      for (String file : filesOf(sample)) {
        check(sample, sample.image().without(file), file + " is missing");
        check(sample, sample.image().with(file, new byte[4096]), file + " is blank");
        int end = LogLayout.of(sample.image()).end(file);
        for (int length = random.nextInt(BETWEEN_ENDS); length < end + 64; length += BETWEEN_ENDS) {
          check(sample, sample.image().truncated(file, length), file + " ends at " + length);
        }
      }
    }
  }

  @Test
  void filesThatBelongToNothingAreNoDamage() {
    for (Sample sample : Sample.all(directory.resolve("samples"))) {
      if (sample.isCompacted()) {
        byte[] old = sample.image().bytes(SECOND);
        StoreImage more = sample.image().with(FIRST, old).with("0000000077.compacted", old);
        check(sample, more, "files are left over");
      }
    }
  }

  /** Returns the files that a store needs. */
  private static List<String> filesOf(Sample sample) {
    List<String> files = new ArrayList<>(LogLayout.of(sample.image()).files());
    if (sample.isCompacted()) {
      files.add(ListFile.NAME);
    }
    return files;
  }

  private void check(Sample sample, StoreImage damaged, String what) {
    Expectation expected = Expectation.of(sample.image(), damaged, sample.history());
    Path copy = directory.resolve("copy");
    damaged.writeTo(copy);

    VerifyReport report = StoreVerifier.verify(copy, null);

    assertThat(StoreImage.of(copy).isSame(damaged)).isTrue();
    assertThat(report.isWhole())
        .as("%s: %s, %s", sample, what, report)
        .isEqualTo(expected.entries() != null);
    if (report.isWhole()) {
      assertThat(report.tornBytes()).as("%s: %s", sample, what).isEqualTo(expected.cutBytes());
    } else {
      assertThat(report.damage())
          .as("%s: %s, expected %s", sample, what, expected)
          .anyMatch(
              damage ->
                  damage.file().equals(copy.resolve(expected.file()))
                      && damage.offset() == expected.offset());
    }
  }

  @Test
  void damageIsFoundBehindDamage() {
    Sample sample = sample("several-closed");
    List<LogLayout.Found> records = LogLayout.of(sample.image()).records();
    LogLayout.Found one = records.get(1);
    List<LogLayout.Found> alone =
        records.stream().filter(r -> r.type() == LogLayout.PUT && !r.inBatch()).toList();
    LogLayout.Found other = alone.get(alone.size() - 1);
    Path copy = directory.resolve("copy");
    sample
        .image()
        .flipped(one.file(), one.offset() + 21, 1)
        .flipped(other.file(), other.offset() + 21, 1)
        .writeTo(copy);

    VerifyReport report = StoreVerifier.verify(copy, null);

    assertThat(report.damage())
        .extracting(Damage::file, Damage::offset, Damage::bytes)
        .containsExactly(
            tuple(copy.resolve(one.file()), (long) one.offset(), (long) one.size()),
            tuple(copy.resolve(other.file()), (long) other.offset(), (long) other.size()));
    assertThat(report.damage().get(0).firstSequence()).isEqualTo(one.sequence());
    assertThat(report.damage().get(0).lastSequence()).isEqualTo(one.sequence());
  }

  @Test
  void damagedManifestIsDamage() {
    Sample sample = sample("several-closed");
    Path copy = directory.resolve("copy");
    for (StoreImage damaged :
        List.of(sample.image().flipped("manifest", 3, 1), sample.image().without("manifest"))) {
      damaged.writeTo(copy);

      VerifyReport report = StoreVerifier.verify(copy, null);

      assertThat(report.damage()).hasSize(1);
      assertThat(report.damage().get(0).file()).isEqualTo(copy.resolve("manifest"));
      assertThat(report.segments()).isEqualTo(3);
    }
  }

  @Test
  void directoryThatIsNoStoreIsRefusedAndNotCreated() throws IOException {
    Path missing = directory.resolve("missing");
    Path empty = Files.createDirectory(directory.resolve("empty"));

    assertThatThrownBy(() -> StoreVerifier.verify(missing, null))
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining(missing.toString());
    assertThatThrownBy(() -> StoreVerifier.verify(empty, null))
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining("is not a store");

    assertThat(missing).doesNotExist();
    assertThat(empty).isEmptyDirectory();
  }

  @Test
  void openStoreIsRefusedAndStaysLocked() {
    Path data = directory.resolve("data");
    try (KvStore<String, String> store = open(data)) {
      store.put("a", "1");

      assertThatThrownBy(() -> StoreVerifier.verify(data, null))
          .isInstanceOf(LockedStoreException.class)
          .hasMessageContaining(data.toString());

      assertThatThrownBy(() -> open(data)).isInstanceOf(LockedStoreException.class);
    }
    assertThat(StoreVerifier.verify(data, null).isWhole()).isTrue();
    open(data).close();
  }

  @Test
  void listenerIsToldOnTheCallersThreadAndMayEndIt() {
    Path copy = directory.resolve("copy");
    sample("several-closed").image().writeTo(copy);
    List<Long> done = new ArrayList<>();
    Thread caller = Thread.currentThread();

    var unused =
        StoreVerifier.verify(
            copy,
            (bytes, total) -> {
              assertThat(Thread.currentThread()).isSameAs(caller);
              assertThat(bytes).isLessThanOrEqualTo(total);
              done.add(bytes);
            });

    assertThat(done).isSorted().isNotEmpty().last().isEqualTo(fileBytes(copy));
    assertThatThrownBy(
            () ->
                StoreVerifier.verify(
                    copy,
                    (bytes, total) -> {
                      throw new IllegalStateException("enough");
                    }))
        .hasMessage("enough");
    assertThat(StoreVerifier.verify(copy, null).isWhole()).isTrue();
  }

  private static long fileBytes(Path data) {
    StoreImage image = StoreImage.of(data);
    return image.segments().stream().mapToLong(file -> image.bytes(file).length).sum();
  }

  @Test
  void swappedFilesAreDamage() {
    StoreImage image = sample("several-closed").image();
    Path copy = directory.resolve("copy");
    image.with(FIRST, image.bytes(SECOND)).with(SECOND, image.bytes(FIRST)).writeTo(copy);

    VerifyReport report = StoreVerifier.verify(copy, null);

    assertThat(report.damage()).hasSizeGreaterThanOrEqualTo(2);
    assertThat(report.damage().get(0).what()).contains("segment 2");
  }

  private Sample sample(String name) {
    return Sample.all(directory.resolve("samples")).stream()
        .filter(sample -> sample.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static KvStore<String, String> open(Path data) {
    return KvStore.builder(Codecs.string(), Codecs.string()).directory(data).open();
  }
}
