package io.kvstore.server.resp.session;

import io.kvstore.Batch;
import io.kvstore.BatchResult;
import io.kvstore.KvStore;
import io.kvstore.ValueView;
import io.kvstore.server.net.SendBudget;
import io.kvstore.server.net.Turn;
import io.kvstore.server.resp.protocol.ByteString;
import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.protocol.RespLimits;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An optimistic transaction: the reads and writes of one command, or of all commands between MULTI
 * and EXEC. Reads see the store, overlaid with the writes of this unit. Writes are gathered until
 * {@link #finish} applies them in one batch, whose preconditions are the versions that were read.
 * If one has changed, nothing is written, and the unit is run again from {@link #begin} on.
 */
public final class UnitOfWork {
  /** The actions after a unit that run in one turn, such as messages that are delivered. */
  static final int EFFECTS_PER_TURN = 64;

  /**
   * The state of a key: the value in the store, if it was read, and the value that this unit
   * writes.
   */
  private static final class KeyState {
    final byte[] key;
    boolean read;
    long version;
    boolean written;
    long cost;
    @Nullable StoredValue stored;
    byte @Nullable [] value;

    KeyState(byte[] key) {
      this.key = key;
    }
  }

  /** The number of keys from which on the memory for their states is not kept for reuse. */
  private static final int KEPT_KEYS = 64;

  /** The memory for the state of a key, in addition to the key and the value. */
  private static final int KEY_COST = 384;

  private final KvStore<byte[], byte[]> store;
  private final SendBudget.Share memory;
  private Map<ByteString, KeyState> states = new HashMap<>();
  private List<KeyState> order = new ArrayList<>();
  private final List<Runnable> effects = new ArrayList<>();
  private @Nullable Runnable otherwise;
  private Map<ByteString, Long> watched = Map.of();
  private long nowMillis;
  private int reads;
  private int writes;
  private int ran;
  private long work;
  private long maxWork = Turn.MAX_WORK;
  private long used;

  /**
   * @param memory the memory share of the connection, for the keys and values of the unit
   */
  UnitOfWork(KvStore<byte[], byte[]> store, SendBudget.Share memory) {
    this.store = store;
    this.memory = memory;
  }

  /** Starts a new unit. */
  public void begin() {
    begin(Map.of());
  }

  /**
   * Starts a unit that is discarded unless these keys have these versions, of which 0 is that of an
   * absent entry.
   */
  public void begin(Map<ByteString, Long> unchanged) {
    end();
    watched = unchanged;
    work = 0;
  }

  /** Ends the unit, and forgets the keys and values. */
  public void end() {
    if (order.size() > KEPT_KEYS) {
      states = new HashMap<>();
      order = new ArrayList<>();
    } else if (!order.isEmpty()) {
      states.clear();
      order.clear();
    }
    effects.clear();
    otherwise = null;
    watched = Map.of();
    reads = 0;
    writes = 0;
    ran = 0;
    nowMillis = 0;
    memory.free(used);
    used = 0;
  }

  /**
   * Uses memory until the end of the unit.
   *
   * @throws RespException if the memory budget is exhausted
   */
  public void reserve(long bytes) {
    if (!memory.use(bytes)) {
      throw RespException.noMemory(memory);
    }
    used += bytes;
  }

  /** Counts memory that is used already, until the end of the unit. */
  public void count(long bytes) {
    memory.add(bytes);
    used += bytes;
  }

  /**
   * Sets whether the unit may have more work than a {@link Turn}, because it does not run on the
   * event loop.
   */
  public void mayBeLong(boolean isLong) {
    maxWork = isLong ? RespLimits.MAX_COMMAND_WORK : Turn.MAX_WORK;
  }

  /**
   * Adds work that is about to be done, in units of {@link Turn}; reads and writes add theirs.
   *
   * @throws TooMuchWork if the unit exceeds that of a turn, on the event loop
   * @throws RespException if it exceeds {@link RespLimits#MAX_COMMAND_WORK}
   */
  public void spend(long units) {
    work += units;
    if (work > maxWork) {
      if (maxWork == Turn.MAX_WORK) {
        throw new TooMuchWork();
      }
      throw new RespException(
          "ERR the command reads, writes or tells more than the limit of "
              + RespLimits.MAX_COMMAND_WORK
              + " KiB, keys or messages");
    }
  }

  /** The work so far, in units of {@link Turn}. */
  public long work() {
    return work;
  }

  /** The current time, which is the same for all of the unit. */
  public long nowMillis() {
    if (nowMillis == 0) {
      nowMillis = System.currentTimeMillis();
    }
    return nowMillis;
  }

  /** Returns the value of a key, or null. */
  public @Nullable StoredValue find(byte[] key) {
    KeyState state = state(key);
    if (!state.read && !state.written) {
      read(state);
    }
    StoredValue stored = state.stored;
    spend(1 + (stored == null ? 0 : Turn.ofBytes(stored.length())));
    return stored == null || !stored.hasDeadline() ? stored : StoredValue.live(stored, nowMillis());
  }

  private void read(KeyState state) {
    ValueView view = store.view(state.key);
    state.read = true;
    reads++;
    if (view != null) {
      state.version = view.version();
      state.stored = StoredValue.of(view);
      if (view.bytes().remaining() <= RespLimits.MAX_COPIED_VALUE_BYTES) {
        setCost(state, view.bytes().remaining()); // longer values stay in the files of the store
      }
    }
  }

  /** Puts a value, which must not be changed any more, without a deadline. */
  public void put(byte[] key, byte[] value) {
    put(key, value, StoredValue.FOREVER);
  }

  /** Puts a value with a deadline; if it has passed, deletes the key. */
  public void put(byte[] key, byte[] value, long deadline) {
    put(key, value, deadline, null);
  }

  private void put(byte[] key, byte[] value, long deadline, @Nullable String label) {
    if (deadline != StoredValue.FOREVER && deadline <= nowMillis()) {
      delete(key);
      return;
    }
    spend(Turn.ofBytes(value.length));
    KeyState state = markWritten(key);
    setCost(state, value.length);
    state.stored = new StoredValue(ByteBuffer.wrap(value), deadline, label);
    state.value = value;
  }

  /** Puts a value of another key, or with another deadline; the label is kept. */
  public void put(byte[] key, StoredValue stored, long deadline) {
    put(key, stored.value(), deadline, stored.label());
  }

  public void delete(byte[] key) {
    KeyState state = markWritten(key);
    setCost(state, 0);
    state.stored = null;
    state.value = null;
  }

  private void setCost(KeyState state, long cost) {
    reserve(cost - state.cost);
    state.cost = cost;
  }

  private KeyState markWritten(byte[] key) {
    spend(1);
    KeyState state = state(key);
    if (!state.written) {
      state.written = true;
      writes++;
    }
    return state;
  }

  private KeyState state(byte[] key) {
    ByteString wrapped = new ByteString(key);
    KeyState state = states.get(wrapped);
    if (state == null) {
      if (order.size() == Batch.MAX_OPERATIONS) {
        throw tooManyKeys();
      }
      reserve(KEY_COST + key.length);
      state = new KeyState(key);
      states.put(wrapped, state);
      order.add(state);
    }
    return state;
  }

  /** Adds an action that runs once the unit is applied. */
  public void afterwards(Runnable effect) {
    effects.add(effect);
  }

  /** Whether the unit needs {@link #finish}: there are writes, several reads or watched keys. */
  public boolean isOpen() {
    return writes > 0 || reads > 1 || !watched.isEmpty();
  }

  /**
   * Applies the writes, on condition that no read value has changed. For a failed result, {@link
   * #isWatchedChanged} says whether a retry is pointless.
   */
  public CompletableFuture<BatchResult> finish() {
    Batch<byte[], byte[]> batch = store.batch();
    try {
      for (Map.Entry<ByteString, Long> unchanged : watched.entrySet()) {
        require(batch, unchanged.getKey().bytes(), unchanged.getValue());
      }
      for (KeyState state : order) {
        if (state.read) {
          require(batch, state.key, state.version);
        }
      }
      for (KeyState state : order) {
        if (state.written) {
          write(batch, state);
        }
      }
    } catch (IllegalArgumentException e) {
      throw tooManyKeys();
    }
    return store.writeAsync(batch);
  }

  private static RespException tooManyKeys() {
    return new RespException(
        "ERR too many keys for one transaction, the limit is " + Batch.MAX_OPERATIONS / 2);
  }

  private static void require(Batch<byte[], byte[]> batch, byte[] key, long version) {
    if (version == 0) {
      batch.requireAbsent(key);
    } else {
      batch.requireVersion(key, version);
    }
  }

  private static void write(Batch<byte[], byte[]> batch, KeyState state) {
    StoredValue stored = state.stored;
    byte[] value = state.value;
    if (stored == null || value == null) {
      if (!state.read || state.version != 0) {
        batch.delete(state.key);
      }
    } else {
      batch.put(state.key, value, stored.options());
    }
  }

  /** Whether a unit failed because a watched key has changed. */
  public boolean isWatchedChanged(BatchResult failed) {
    return failed.failedPrecondition() < watched.size();
  }

  /** Sets the action that runs if the unit is discarded. */
  public void otherwise(Runnable undo) {
    otherwise = undo;
  }

  /** Runs the action for a discarded unit. */
  public void discarded() {
    if (otherwise != null) {
      otherwise.run();
    }
  }

  /**
   * Runs the next actions for an applied unit, but no more than others can wait for.
   *
   * @return whether there are more
   */
  public boolean applied() {
    int end = Math.min(effects.size(), ran + EFFECTS_PER_TURN);
    for (; ran < end; ran++) {
      effects.get(ran).run();
    }
    return ran < effects.size();
  }
}
