package io.kvstore.server.admin.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.StoreStats;
import io.kvstore.server.admin.port.Reply;
import io.kvstore.server.net.Budgets;
import io.kvstore.server.net.ReceiveBudget;
import io.kvstore.server.net.SendBudget;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.lang.management.ManagementFactory;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** All metrics, in the text format of Prometheus. Safe for use by any thread. */
public final class Metrics implements AutoCloseable {
  private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final double NANOS_PER_SECOND = 1e9;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final TrafficCollector traffic;
  private @GuardedBy("this") @Nullable ServedContext served;
  private volatile @Nullable StoreStats stats;

  public Metrics(ServerInfo info, Health health, StoreEvents events) {
    traffic = new TrafficCollector(events);
    registry.getPrometheusRegistry().register(traffic);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
    Gauge.builder("kvstore.build.info", () -> 1)
        .description("Version of the server and of Java.")
        .tags("version", info.version(), "java", Runtime.version().toString())
        .register(registry);
    Gauge.builder("kvstore.ready", () -> health.isReady() ? 1 : 0)
        .description("Whether the server accepts requests (1) or not (0).")
        .register(registry);
    register(events);
  }

  private void register(StoreEvents events) {
    Gauge.builder("kvstore.store.braking", () -> events.isThrottling() ? 1 : 0)
        .description("Whether writes are throttled because compaction is behind (1) or not (0).")
        .register(registry);
    FunctionCounter.builder("kvstore.store.brakes", events, StoreEvents::throttles)
        .description("How often the throttling of writes has begun.")
        .register(registry);
    FunctionCounter.builder(
            "kvstore.store.compaction.failures", events, StoreEvents::compactionFailures)
        .description("Failed rounds of compaction, including sweeps and checkpoints.")
        .register(registry);
    FunctionCounter.builder("kvstore.store.missed.events", events, StoreEvents::missedEvents)
        .description("Events of the store that were dropped because too many were queued.")
        .register(registry);
  }

  /** Adds the metrics of a store and its endpoints; called once. */
  public synchronized void serve(ServedContext opened) {
    served = opened;
    stats = opened.store().stats();
    StoreMeters.register(registry, this::stats);
    traffic.endpoints(opened.endpoints());
    register(opened.memory());
    for (EndpointMetrics endpoint : opened.endpoints()) {
      Tags tags = Tags.of("door", endpoint.name());
      Gauge.builder("kvstore.connections.open", endpoint.connections(), c -> c.size())
          .description("Open connections.")
          .tags(tags)
          .register(registry);
      FunctionCounter.builder("kvstore.connections", endpoint.connections(), c -> c.accepted())
          .description("Accepted connections.")
          .tags(tags)
          .register(registry);
    }
    int number = 0;
    for (EventExecutor loop : opened.loops()) {
      if (loop instanceof SingleThreadEventExecutor thread) {
        register(thread, Tags.of("loop", String.valueOf(number++)));
      }
    }
  }

  private void register(Budgets memory) {
    gauge("receiving", memory.receiving(), ReceiveBudget::taken)
        .description("Bytes held for partially received requests.")
        .register(registry);
    gauge("receiving.limit", memory.receiving(), ReceiveBudget::limit)
        .description("Limit of the bytes held for partially received requests.")
        .register(registry);
    gauge("sending", memory.sending(), SendBudget::taken)
        .description("Bytes held for what is owed to clients, and for commands in progress.")
        .register(registry);
    gauge("sending.limit", memory.sending(), SendBudget::limit)
        .description("Limit of the bytes held for what is owed to clients.")
        .register(registry);
    gauge("sending.pinned", memory.sending(), SendBudget::pinned)
        .description("Bytes of values in the files of the store that are queued for clients.")
        .register(registry);
    FunctionCounter.builder("kvstore.sending.refusals", memory.sending(), SendBudget::refusals)
        .description("Requests rejected because what is owed to clients would exceed the limit.")
        .register(registry);
  }

  private static <T> Gauge.Builder<T> gauge(String name, T budget, ToDoubleFunction<T> figure) {
    return Gauge.builder("kvstore." + name, budget, figure).baseUnit("bytes").strongReference(true);
  }

  private void register(SingleThreadEventExecutor loop, Tags tags) {
    long thread = loop.threadProperties().id();
    Gauge.builder("kvstore.event.loop.pending.tasks", loop, l -> l.pendingTasks())
        .description("Tasks queued for the event loop.")
        .tags(tags)
        .register(registry);
    FunctionCounter.builder(
            "kvstore.event.loop.cpu",
            ManagementFactory.getThreadMXBean(),
            threads -> Math.max(0, threads.getThreadCpuTime(thread)) / NANOS_PER_SECOND)
        .baseUnit("seconds")
        .description("Processor time of the event loop; its rate is the utilization, up to 1.")
        .tags(tags)
        .register(registry);
  }

  private StoreStats stats() {
    StoreStats last = stats;
    if (last == null) {
      throw new IllegalStateException("no store yet");
    }
    return last;
  }

  /** Returns all metrics; those of the store are one snapshot. */
  public synchronized Reply scrape() {
    if (served != null) {
      stats = served.store().stats();
    }
    return Reply.ok(CONTENT_TYPE, registry.scrape().getBytes(UTF_8));
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
