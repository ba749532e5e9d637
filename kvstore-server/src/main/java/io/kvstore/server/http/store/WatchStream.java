package io.kvstore.server.http.store;

import io.kvstore.ChangeListener;
import io.kvstore.Entry;
import io.kvstore.KvStore;
import io.kvstore.ValueView;
import io.kvstore.Watch;
import io.kvstore.server.http.entry.RequestAccess;
import io.kvstore.server.http.message.VersionId;
import io.kvstore.server.http.response.ResponseStream;
import io.kvstore.server.http.response.StreamType;
import io.kvstore.server.http.response.StreamedResponse;
import io.kvstore.server.json.LongJson;
import io.kvstore.server.net.Turn;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The change feed: sends each change as it happens, until the client disconnects or loses the right
 * to read them, which is checked before each sending and with each heartbeat. The store calls the
 * listener's methods on the thread of the feed, which waits while the client does not read; the
 * other methods are called on the event loop.
 */
final class WatchStream implements StreamedResponse, ChangeListener<byte[], byte[]> {
  private static final byte[] NO_EVENT = {};

  private final KvStore<byte[], byte[]> store;
  private final WatchQuery query;
  private final @Nullable RequestAccess access;
  private final Permits permits;
  private final Duration heartbeatTime;
  private final EventQueue queue = new EventQueue();

  private volatile @Nullable ResponseStream answer;
  private @Nullable Watch watch;
  private @Nullable Future<?> heartbeats;
  private boolean running;
  private boolean finishing;

  /** The rest of the event that is being sent. */
  private @Nullable LongValue value;

  /**
   * @param access the access of the client; null for one to every key
   * @param permits the limit of change feeds, of which a permit is held until the end
   */
  WatchStream(
      KvStore<byte[], byte[]> store,
      WatchQuery query,
      @Nullable RequestAccess access,
      Permits permits,
      Duration heartbeatTime) {
    this.store = store;
    this.query = query;
    this.access = access;
    this.permits = permits;
    this.heartbeatTime = heartbeatTime;
  }

  @Override
  public void start(ResponseStream to) {
    if (to.isHeadOnly()) {
      to.begin(StreamType.EVENTS);
      to.end();
      return;
    }
    permits.acquire();
    running = true;
    answer = to;
    boolean isKnown = query.isKnown(store);
    boolean isFromNow = query.from() == 0 || !isKnown;
    Watch started = isFromNow ? store.watch(this) : store.watch(query.from(), this);
    watch = started;
    // Nothing has been reported yet: the first event waits for the queue to open.
    long version = started.version();
    to.begin(StreamType.EVENTS);
    byte[] first = isKnown ? ServerSentEvents.heartbeat(id(version)) : gap(1, version);
    send(to, ByteBuffer.wrap(first));
    queue.open(version);
    long period = heartbeatTime.toMillis();
    heartbeats =
        to.executor().scheduleAtFixedRate(this::beat, period, period, TimeUnit.MILLISECONDS);
  }

  @Override
  public void onPut(Entry<byte[], byte[]> entry) {
    boolean wanted = query.wants(entry.key());
    bring(wanted ? put(entry) : NO_EVENT, entry.version());
  }

  @Override
  public boolean onLargePut(byte[] key, ValueView view) {
    String id = id(view.version());
    if (!query.wants(key)) {
      bring(NO_EVENT, view.version());
    } else if (!query.values()) {
      bring(ServerSentEvents.put(key, view, id), view.version());
    } else {
      LongJson json = LongJson.of(view.bytes());
      LongValue following = new LongValue(json, ServerSentEvents.AFTER_VALUE);
      bring(ServerSentEvents.put(key, view, json, id), following, view.version());
    }
    return true;
  }

  @Override
  public void onDelete(byte[] key, long version) {
    bring(query.wants(key) ? delete(key, version) : NO_EVENT, version);
  }

  @Override
  public void onGap(long from, long to) {
    bring(gap(from, to), to);
  }

  private byte[] put(Entry<byte[], byte[]> entry) {
    return ServerSentEvents.put(entry, query.values(), id(entry.version()));
  }

  private byte[] delete(byte[] key, long version) {
    return ServerSentEvents.delete(key, version, id(version));
  }

  private byte[] gap(long from, long to) {
    return ServerSentEvents.gap(from, to, id(to));
  }

  private String id(long version) {
    return VersionId.text(store, version);
  }

  @Override
  public void onFailure(Throwable cause) {
    ResponseStream to = answer;
    if (to != null) {
      to.executor().execute(() -> to.fail(cause));
    }
  }

  private void bring(byte[] event, long version) {
    bring(event, null, version);
  }

  private void bring(byte[] event, @Nullable LongValue following, long version) {
    ResponseStream to = answer;
    if (queue.put(event, following, version) && to != null) {
      to.executor().execute(this::resume);
    }
  }

  @Override
  public void resume() {
    ResponseStream to = answer;
    if (!running || to == null || !to.isWritable() || !isAllowed(to)) {
      return;
    }
    if (value == null) {
      EventQueue.Taken taken = queue.take();
      send(to, taken.bytes());
      value = taken.value();
    }
    if (value != null) {
      sendValue(to, value);
    }
  }

  private void sendValue(ResponseStream to, LongValue sending) {
    switch (sending.send(to)) {
      case WAITING -> {}
      case YIELDING -> Turn.letOthersRun(to.executor(), this::resume);
      case DONE -> {
        value = null;
        if (finishing) {
          to.end();
        } else {
          Turn.letOthersRun(to.executor(), this::resume); // more may have been queued meanwhile
        }
      }
    }
  }

  /**
   * Returns whether the client may still read the changes; if not, ends the response. A client that
   * asks again gets the error.
   */
  private boolean isAllowed(ResponseStream to) {
    boolean isAllowed = access == null || access.isAllowed();
    if (!isAllowed) {
      to.end();
    }
    return isAllowed;
  }

  private void beat() {
    ResponseStream to = answer;
    long version = queue.coveredVersion();
    boolean isCovered = value == null && version >= 0;
    if (running && to != null && isAllowed(to) && isCovered && to.isTaken()) {
      send(to, ByteBuffer.wrap(ServerSentEvents.heartbeat(id(version))));
    }
  }

  private static void send(ResponseStream to, ByteBuffer events) {
    to.send(to.piece().writeBytes(events));
  }

  @Override
  public void stop() {
    if (!running) {
      return;
    }
    running = false;
    permits.release();
    queue.close();
    if (heartbeats != null) {
      heartbeats.cancel(false);
    }
    Watch ended = watch;
    if (ended != null) {
      // On another thread: it waits for the listener to return, which may be reading from the disk.
      var unused = CompletableFuture.runAsync(ended::close);
    }
  }

  @Override
  public boolean isEndless() {
    return true;
  }

  @Override
  public void finish() {
    ResponseStream to = answer;
    if (running && to != null) {
      finishing = true; // an event that has been sent in part comes first
      if (value == null) {
        to.end();
      }
    }
  }
}
