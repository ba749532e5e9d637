package io.kvstore.bench.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.function.LongConsumer;

/** Runs the steps of a load test, one after the other, over the connections to a server. */
final class Load implements AutoCloseable {
  private static final long START_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final double FILL_SECONDS = 1e8; // as long as it takes
  private static final long WATCH_MILLIS = 100;
  private static final long STOP_SECONDS = 5;

  private final LoadSettings settings;
  private final EventLoopGroup group;
  private final List<LoadLoop> loops = new ArrayList<>();
  private final List<Versions> versions = new ArrayList<>();
  private final List<Mix> mixes = new ArrayList<>();
  private final Pacer pacer;

  private Load(LoadSettings settings) {
    this.settings = settings;
    group = new MultiThreadIoEventLoopGroup(settings.threads(), NioIoHandler.newFactory());
    Bootstrap bootstrap =
        new Bootstrap()
            .channel(NioSocketChannel.class)
            .remoteAddress(settings.server())
            .option(ChannelOption.TCP_NODELAY, true);
    SplittableRandom random = new SplittableRandom(settings.seed());
    long run = new SplittableRandom().nextLong(); // not by the seed: no two runs have the same
    for (int thread = 0; thread < settings.threads(); thread++) {
      int keys = KeyNames.share(settings.keys(), thread, settings.threads());
      Versions ofThread = new Versions(keys);
      versions.add(ofThread);
      KeyChooser chooser = settings.zipf() ? KeyChooser.zipf(keys) : KeyChooser.uniform(keys);
      mixes.add(new Mix(chooser, settings.readShare(), ofThread, random.split()));
      Ledger ledger =
          new Ledger(
              new KeyNames(settings.keyPrefix(), thread, settings.threads()),
              new Values(settings.valueSize(), run),
              ofThread);
      loops.add(new LoadLoop(group.next(), bootstrap, settings.protocol().get(), ledger));
    }
    pacer = Pacer.start(loops);
  }

  /**
   * Connects.
   *
   * @throws LoadException if that fails
   */
  static Load connect(LoadSettings settings) {
    Load load = new Load(settings);
    try {
      List<CompletableFuture<Void>> made = new ArrayList<>();
      for (int thread = 0; thread < settings.threads(); thread++) {
        made.add(load.loops.get(thread).connect(load.connections(thread), settings.pipeline()));
      }
      made.forEach(CompletableFuture::join);
      return load;
    } catch (CompletionException e) {
      load.close();
      String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      throw new LoadException("can't connect: " + why, e);
    }
  }

  private int connections(int thread) {
    return KeyNames.share(settings.connections(), thread, settings.threads());
  }

  /** Puts every key once. */
  LoadStep fill(LongConsumer watcher) {
    Period period = Period.startingAt(System.nanoTime(), 0, FILL_SECONDS);
    return run(new LoadStep(Pace.MAX, period), thread -> tally -> fill(thread), watcher);
  }

  private Work fill(int thread) {
    return new FillWork(versions.get(thread).keys());
  }

  /** Does operations at a rate, for a time. */
  LoadStep run(Pace pace, double warmUpSeconds, double seconds, LongConsumer watcher) {
    Period period = Period.startingAt(System.nanoTime() + START_NANOS, warmUpSeconds, seconds);
    return run(
        new LoadStep(pace, period), thread -> tally -> work(pace, period, thread, tally), watcher);
  }

  private Work work(Pace pace, Period period, int thread, Tally tally) {
    Mix mix = mixes.get(thread);
    if (pace.isMax()) {
      return new FlatOutWork(period.endNanos(), mix);
    }
    Schedule schedule = Schedule.of(period, pace.perSecond(), thread, settings.threads());
    return new ScheduledWork(schedule, connections(thread), mix, tally);
  }

  /** The work of a thread, once it has where to count. */
  private interface WorkFor {
    Work with(Tally tally);
  }

  private LoadStep run(LoadStep step, IntFunction<WorkFor> work, LongConsumer watcher) {
    long before = done();
    List<Tally> tallies = new ArrayList<>();
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (int thread = 0; thread < loops.size(); thread++) {
      Tally tally = new Tally();
      tallies.add(tally);
      ends.add(loops.get(thread).run(work.apply(thread).with(tally), step.period(), tally));
    }
    CompletableFuture<Void> end = CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    await(end, () -> watcher.accept(done() - before));
    tallies.forEach(step.tally()::add);
    return step;
  }

  private static void await(CompletableFuture<Void> end, Runnable watcher) {
    while (true) {
      try {
        end.get(WATCH_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        watcher.run();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof LoadException failure
            ? failure
            : new LoadException("the load has failed: " + e.getCause(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LoadException("interrupted", e);
      }
    }
  }

  private long done() {
    return loops.stream().mapToLong(LoadLoop::done).sum();
  }

  @Override
  public void close() {
    pacer.close();
    loops.forEach(LoadLoop::close);
    group.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
