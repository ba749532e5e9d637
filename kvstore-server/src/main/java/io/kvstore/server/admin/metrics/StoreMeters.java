package io.kvstore.server.admin.metrics;

import io.kvstore.StoreStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The meters of a store's counters. All are read from one {@link StoreStats} per scrape. */
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

  /** Registers all meters. */
  static void register(MeterRegistry registry, Supplier<StoreStats> stats) {
    StoreMeters meters = new StoreMeters(registry, stats);
    meters.contents();
    meters.operations();
    meters.log();
    meters.background();
    meters.snapshots();
  }

  private void contents() {
    gauge("entries", "", "Live entries.", StoreStats::entries);
    gauge("live", BYTES, "Bytes of the records of live entries.", StoreStats::liveBytes);
    gauge("stale", BYTES, "Bytes of the records of replaced values.", StoreStats::staleBytes);
    gauge("tombstone", BYTES, "Bytes of tombstones.", StoreStats::tombstoneBytes);
    gauge("index.heap", BYTES, "Heap memory of the indexes.", s -> s.index().heapBytes());
    gauge("index.slots", "", "Slots of the indexes, used and free.", s -> s.index().slots());
    gauge(
        "watches",
        "",
        "Open change feeds, of all protocols and of the library.",
        StoreStats::watches);
  }

  private void operations() {
    gets("hit", s -> s.operations().hits());
    gets("miss", s -> s.operations().misses());
    counter("puts", "", "Entries stored.", s -> s.operations().puts());
    counter("deletes", "", "Entries removed.", s -> s.operations().deletes());
    counter("batches", "", "Batches applied.", s -> s.operations().batches());
    counter(
        "refusals",
        "",
        "Conditional writes and batches whose condition did not hold.",
        s -> s.operations().refusals());
    counter("swept", "", "Expired entries removed.", s -> s.operations().swept());
  }

  private void log() {
    gauge("log", BYTES, "Bytes appended to the log and still in it.", StoreStats::logBytes);
    gauge("disk", BYTES, "Bytes of the segment files.", StoreStats::diskBytes);
    gauge("segments", "", "Segments in the log.", StoreStats::segments);
    gauge("sequence", "", "Sequence number of the latest change.", StoreStats::sequence);
    gauge(
        "synced.sequence",
        "",
        "Highest sequence number that is known to survive a power failure.",
        StoreStats::syncedSequence);
    counter("appended", BYTES, "Bytes of the records appended.", StoreStats::appendedBytes);
    counter("syncs", "", "Successful syncs.", s -> s.syncs().count());
    counter("sync", SECONDS, "Total time of all syncs.", s -> seconds(s.syncs().total()));
    gauge("sync.longest", SECONDS, "Longest sync.", s -> seconds(s.syncs().longest()));
    gauge("open", SECONDS, "Time that opening the store took.", s -> seconds(s.openDuration()));
    gauge(
        "cut",
        BYTES,
        "Bytes of a torn tail that were cut off when the store was opened.",
        StoreStats::cutBytes);
    gauge(
        "damaged.places",
        "",
        "Damaged records found since the store was opened.",
        StoreStats::damagedPlaces);
  }

  private void background() {
    counter(
        "compactions",
        "",
        "Rounds of compaction that reclaimed space.",
        s -> s.compaction().rounds());
    counter(
        "compaction.written",
        BYTES,
        "Bytes written by compaction.",
        s -> s.compaction().writtenBytes());
    gauge(
        "unreleased",
        BYTES,
        "Bytes of deleted files that the operating system has not released.",
        s -> s.compaction().unreleasedBytes());
  }

  private void snapshots() {
    gauge("snapshots", "", "Open snapshots.", s -> s.snapshots().open());
    gauge(
        "snapshot.history.entries",
        "",
        "Index entries kept for snapshots.",
        s -> s.snapshots().historyEntries());
    gauge(
        "snapshot.retired.segments",
        "",
        "Replaced segments kept for snapshots.",
        s -> s.snapshots().retiredSegments());
    gauge(
        "snapshot.retired",
        BYTES,
        "Bytes of replaced segments kept for snapshots.",
        s -> s.snapshots().retiredBytes());
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
        .description("Reads of one key that found an entry (hit) or none (miss).")
        .tag("result", result)
        .register(registry);
  }

  private static double seconds(Duration time) {
    return time.toNanos() / NANOS_PER_SECOND;
  }
}
