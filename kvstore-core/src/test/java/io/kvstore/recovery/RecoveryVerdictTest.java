package io.kvstore.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.files.SealedIds;
import io.kvstore.files.SegmentList;
import io.kvstore.recovery.RecoveryRules.Found;
import io.kvstore.recovery.RecoveryRules.Known;
import io.kvstore.recovery.RecoveryRules.Rejection;
import io.kvstore.recovery.RecoveryRules.Verdict;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentLinks;
import io.kvstore.segment.SegmentScan;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of recovery as a function: scans and sync marks in, the end of the log out. */
class RecoveryVerdictTest {
  private static final int END = 1_000;
  private static final SegmentList LIST =
      new SegmentList(0, 0, 0, null, new SealedIds(), new SealedIds(), SegmentList.Dropped.none());
  private static final Known NOTHING = new Known(0, false);

  private static SegmentScan scan(boolean sealed, long lastSequence, int torn) {
    return new SegmentScan(
        END, sealed, END + torn, lastSequence, 0, 1, 0, 0, Long.MAX_VALUE, SegmentLinks.NONE);
  }

  private static Found sealed(long id, long lastSequence) {
    return new Found(id, scan(true, lastSequence, 0), 0, 0, false);
  }

  private static Found open(long id, long lastSequence, int torn) {
    return new Found(id, scan(false, lastSequence, torn), 0, 0, false);
  }

  private static Verdict judge(Known known, Found... log) {
    return RecoveryRules.judge(SegmentList.NONE, List.of(log), known);
  }

  private static Found with(Found found, long marked, long proven, boolean isShort) {
    return new Found(found.id(), found.scan(), marked, proven, isShort);
  }

  private static Rejection missingFrom(long id, int offset, long change, long synced) {
    return new Rejection(
        SegmentHeader.LOG,
        id,
        offset,
        "no whole record of change " + change + ", though " + synced + " were synced");
  }

  @Test
  void logWithoutSegmentsIsEmpty() {
    assertThat(judge(NOTHING)).isEqualTo(new Verdict(0, 0, 0, 0, null));
  }

  @Test
  void firstUnsealedSegmentIsTheTailAndAllBehindItIsTorn() {
    Verdict verdict = judge(NOTHING, sealed(1, 5), open(2, 7, 30), open(3, 9, 0));

    assertThat(verdict).isEqualTo(new Verdict(1, 7, 0, 30 + END - Segment.HEADER_BYTES, null));
  }

  @Test
  void emptySegmentBehindTheTailIsNotTorn() {
    Found empty = new Found(3, SegmentScan.START, 0, 0, false);

    assertThat(judge(NOTHING, sealed(1, 5), open(2, 7, 0), empty).tornBytes()).isZero();
  }

  @Test
  void sealedSegmentNeedsTheNext() {
    assertThat(judge(NOTHING, sealed(1, 5)).rejection()).extracting(Rejection::id).isEqualTo(2L);
    assertThat(RecoveryRules.judge(LIST, List.of(), NOTHING).rejection()).isNotNull();
    assertThat(judge(new Known(0, true), sealed(1, 5)).rejection()).isNull();
  }

  @Test
  void syncMarkerBehindTheEndRejectsTheLog() {
    Found behind = with(open(2, 9, 0), 9, 0, false);

    assertThat(judge(NOTHING, open(1, 7, 0), behind).rejection())
        .isEqualTo(missingFrom(1, END, 8, 9));
    assertThat(judge(NOTHING, with(open(1, 7, 40), 7, 0, false)).rejection()).isNull();
    assertThat(judge(NOTHING, with(open(1, 7, 40), 8, 0, false)).rejection()).isNotNull();
  }

  @Test
  void listAndCheckpointProveWhatWasSynced() {
    assertThat(judge(new Known(7, false), open(1, 7, 0)).rejection()).isNull();
    assertThat(judge(new Known(8, false), open(1, 7, 0)).rejection())
        .isEqualTo(missingFrom(1, END, 8, 8));
  }

  @Test
  void checkpointProvesChangesOnlyOfASegmentThatDoesNotEndAsRecordsDo() {
    assertThat(judge(NOTHING, with(open(1, 7, 0), 0, 9, false)).rejection()).isNull();
    assertThat(judge(NOTHING, with(open(1, 7, 0), 0, 9, true)).rejection()).isNotNull();
    assertThat(judge(NOTHING, with(open(1, 7, 8), 0, 9, false)).rejection()).isNotNull();
    assertThat(judge(NOTHING, open(1, 7, 0), with(open(2, 9, 0), 0, 9, false)).rejection())
        .isNotNull();
  }

  @Test
  void listedSegmentMustBeSealed() {
    SegmentHeader header = new SegmentHeader(4, 4_096, 1, SegmentHeader.COMPACTED);

    assertThat(RecoveryRules.listed(header, scan(true, 5, 0))).isNull();
    assertThat(RecoveryRules.listed(header, scan(false, 5, 0)))
        .isEqualTo(
            new Rejection(
                SegmentHeader.COMPACTED,
                4,
                END,
                "no whole record, though the segment had been sealed and synced"));
  }
}
