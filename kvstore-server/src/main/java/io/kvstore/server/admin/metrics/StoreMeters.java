package io.kvstore.server.admin.metrics;

import io.kvstore.StoreStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The counters of a store as meters: each is asked of the same {@link StoreStats} in a scrape. */
final class StoreMeters {
  private static final String BYTES = "bytes";
  private static final String SECONDS = "seconds";
  private static final double NANOS_PER_SECOND = 1e9;

  private final MeterRegistry registry;
  private final Supplier<StoreStats> stats;

  private StoreMeters(MeterRegistry registry, Supplier<StoreStats> stats) {
    this.registry = registry;
    this.stats = stats;
  }

  /** Registers all. */
  static void register(MeterRegistry registry, Supplier<StoreStats> stats) {
    StoreMeters meters = new StoreMeters(registry, stats);
    meters.contents();
    meters.operations();
    meters.log();
    meters.background();
    meters.snapshots();
  }

  private void contents() {
    gauge("entries", "", "Keys that have a value.", StoreStats::entries);
    gauge("live", BYTES, "Bytes of the records that hold those values.", StoreStats::liveBytes);
    gauge("stale", BYTES, "Bytes of the records of earlier values.", StoreStats::staleBytes);
    gauge("tombstone", BYTES, "Bytes of the records of deletes.", StoreStats::tombstoneBytes);
    gauge("index.heap", BYTES, "Heap that the indexes take.", s -> s.index().heapBytes());
    gauge("index.slots", "", "Places for entries in the indexes.", s -> s.index().slots());
    gauge("watches", "", "Watches that are open, of all doors.", StoreStats::watches);
  }

  private void operations() {
    gets("hit", s -> s.operations().hits());
    gets("miss", s -> s.operations().misses());
    counter("puts", "", "Entries that were stored.", s -> s.operations().puts());
    counter("deletes", "", "Entries that were removed.", s -> s.operations().deletes());
    counter("batches", "", "Batches that were applied.", s -> s.operations().batches());
    counter(
        "refusals",
        "",
        "Conditional writes and batches whose condition did not hold.",
        s -> s.operations().refusals());
    counter("swept", "", "Expired entries that were removed.", s -> s.operations().swept());
  }

  private void log() {
    gauge("log", BYTES, "Bytes appended to the log and still in it.", StoreStats::logBytes);
    gauge("disk", BYTES, "Bytes of the segment files.", StoreStats::diskBytes);
    gauge("segments", "", "Segments in the log.", StoreStats::segments);
    gauge("sequence", "", "Number of the latest change.", StoreStats::sequence);
    gauge(
        "synced.sequence",
        "",
        "Highest number of a change of which it is known that a power cut can't take it.",
        StoreStats::syncedSequence);
    counter("appended", BYTES, "Bytes of the records appended.", StoreStats::appendedBytes);
    counter("syncs", "", "Syncs that have succeeded.", s -> s.syncs().count());
    counter("sync", SECONDS, "Time that all syncs took.", s -> seconds(s.syncs().total()));
    gauge("sync.longest", SECONDS, "The longest sync.", s -> seconds(s.syncs().longest()));
    gauge("open", SECONDS, "How long opening took.", s -> seconds(s.openDuration()));
    gauge("cut", BYTES, "Bytes of a torn tail that opening cut off.", StoreStats::cutBytes);
    gauge(
        "damaged.places",
        "",
        "Places where a record was found damaged, since the store was opened.",
        StoreStats::damagedPlaces);
  }

  private void background() {
    counter("compactions", "", "Rounds of compaction that gained.", s -> s.compaction().rounds());
    counter(
        "compaction.written",
        BYTES,
        "Bytes that compaction has written.",
        s -> s.compaction().writtenBytes());
    gauge(
        "unreleased",
        BYTES,
        "Bytes of deleted files that the operating system still keeps.",
        s -> s.compaction().unreleasedBytes());
  }

  private void snapshots() {
    gauge("snapshots", "", "Snapshots that are open.", s -> s.snapshots().open());
    gauge(
        "snapshot.history.entries",
        "",
        "Entries of the indexes that are kept for snapshots.",
        s -> s.snapshots().historyEntries());
    gauge(
        "snapshot.retired.segments",
        "",
        "Replaced segments that are kept for snapshots.",
        s -> s.snapshots().retiredSegments());
    gauge("snapshot.retired", BYTES, "Bytes of those segments.", s -> s.snapshots().retiredBytes());
  }

  private void gauge(String name, String unit, String help, ToDoubleFunction<StoreStats> figure) {
    Gauge.builder("kvstore.store." + name, stats, s -> figure.applyAsDouble(s.get()))
        .baseUnit(unit.isEmpty() ? null : unit)
        .description(help)
        .strongReference(true)
        .register(registry);
  }

  private void counter(String name, String unit, String help, ToDoubleFunction<StoreStats> figure) {
    FunctionCounter.builder("kvstore.store." + name, stats, s -> figure.applyAsDouble(s.get()))
        .baseUnit(unit.isEmpty() ? null : unit)
        .description(help)
        .register(registry);
  }

  private void gets(String result, ToDoubleFunction<StoreStats> figure) {
    FunctionCounter.builder("kvstore.store.gets", stats, s -> figure.applyAsDouble(s.get()))
        .description("Reads of one key that have found an entry (hit) or none (miss).")
        .tag("result", result)
        .register(registry);
  }

  private static double seconds(Duration time) {
    return time.toNanos() / NANOS_PER_SECOND;
  }
}
