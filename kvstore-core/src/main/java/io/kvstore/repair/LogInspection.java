package io.kvstore.repair;

import io.kvstore.Damage;
import io.kvstore.VerifyReport;
import io.kvstore.record.RecordCounts;
import io.kvstore.record.RecordFormat;
import java.util.ArrayList;
import java.util.List;

/** The result of a {@link LogInspector}. */
public final class LogInspection {
  private final int segments;
  private final long liveBytes;
  private final RecordCounts counts;
  private final LogVerdict verdict;

  LogInspection(int segments, long liveBytes, RecordCounts counts, LogVerdict verdict) {
    this.segments = segments;
    this.liveBytes = liveBytes;
    this.counts = counts;
    this.verdict = verdict;
  }

  /** Returns every place where bytes of the log belong to no whole record, a torn tail's too. */
  public List<Damage> places() {
    return verdict.places();
  }

  /** Returns the bytes of the records of live puts. */
  public long liveBytes() {
    return liveBytes;
  }

  /**
   * Returns the report.
   *
   * @param entries how many live puts there are
   * @param others damage that is not the log's
   */
  public VerifyReport report(long entries, List<Damage> others) {
    List<Damage> damage = new ArrayList<>(others);
    if (!verdict.isAccepted()) {
      damage.addAll(places());
    }
    return new VerifyReport(
        segments,
        counts.count(RecordFormat.PUT),
        counts.bytes(RecordFormat.PUT),
        counts.count(RecordFormat.TOMBSTONE),
        counts.bytes(RecordFormat.TOMBSTONE),
        counts.count(RecordFormat.MARK),
        counts.count(RecordFormat.SEAL),
        entries,
        liveBytes,
        verdict.tornBytes(),
        damage);
  }
}
