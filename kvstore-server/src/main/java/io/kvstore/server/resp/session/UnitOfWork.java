package io.kvstore.server.resp.session;

import io.kvstore.Batch;
import io.kvstore.BatchResult;
import io.kvstore.KvStore;
import io.kvstore.ValueView;
import io.kvstore.server.resp.protocol.ByteString;
import io.kvstore.server.resp.protocol.RespException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An optimistic transaction: the reads and writes of one command, or of all commands between MULTI
 * and EXEC. Reads see the store and, over it, the writes of this unit; writes are kept until {@link
 * #finish} makes them in one batch, whose preconditions are the versions that were read. If one has
 * changed, nothing is written, and the unit is run again from {@link #begin} on.
 */
public final class UnitOfWork {

  /** One key: what the store has, if that was asked for, and what this unit has made of it. */
  private static final class KeyState {
    final byte[] key;
    boolean read;
    long version;
    boolean written;
    @Nullable StoredValue held;
    byte @Nullable [] value;

    KeyState(byte[] key) {
      this.key = key;
    }
  }

  private final KvStore<byte[], byte[]> store;
  private final Map<ByteString, KeyState> states = new HashMap<>();
  private final List<KeyState> order = new ArrayList<>();
  private final List<Runnable> effects = new ArrayList<>();
  private @Nullable Runnable otherwise;
  private Map<ByteString, Long> watched = Map.of();
  private long nowMillis;
  private int reads;
  private int writes;

  UnitOfWork(KvStore<byte[], byte[]> store) {
    this.store = store;
  }

  /** Forgets everything, and starts. */
  public void begin() {
    begin(Map.of());
  }

  /**
   * Starts a unit that is not taken at all unless some keys still have the versions given, of which
   * 0 stands for no entry.
   */
  public void begin(Map<ByteString, Long> unchanged) {
    if (!order.isEmpty()) {
      states.clear();
      order.clear();
    }
    effects.clear();
    otherwise = null;
    watched = unchanged;
    reads = 0;
    writes = 0;
    nowMillis = 0;
  }

  /** What time it is, the same for all of the unit. */
  public long nowMillis() {
    if (nowMillis == 0) {
      nowMillis = System.currentTimeMillis();
    }
    return nowMillis;
  }

  /** Returns what a key holds, or null. */
  public @Nullable StoredValue find(byte[] key) {
    KeyState state = state(key);
    if (!state.read && !state.written) {
      read(state);
    }
    StoredValue held = state.held;
    return held == null || !held.hasDeadline() ? held : StoredValue.live(held, nowMillis());
  }

  private void read(KeyState state) {
    ValueView view = store.view(state.key);
    state.read = true;
    reads++;
    if (view != null) {
      state.version = view.version();
      state.held = StoredValue.of(view);
    }
  }

  /** Stores a value, which nobody may change any more, without a deadline. */
  public void put(byte[] key, byte[] value) {
    put(key, value, StoredValue.FOREVER);
  }

  /** Stores a value until a deadline; one that has passed deletes. */
  public void put(byte[] key, byte[] value, long deadline) {
    put(key, value, deadline, null);
  }

  private void put(byte[] key, byte[] value, long deadline, @Nullable String label) {
    if (deadline != StoredValue.FOREVER && deadline <= nowMillis()) {
      delete(key);
      return;
    }
    KeyState state = markWritten(key);
    state.held = new StoredValue(ByteBuffer.wrap(value), deadline, label);
    state.value = value;
  }

  /** Stores what a key holds, under another name or until another deadline. */
  public void put(byte[] key, StoredValue held, long deadline) {
    put(key, held.value(), deadline, held.label());
  }

  public void delete(byte[] key) {
    KeyState state = markWritten(key);
    state.held = null;
    state.value = null;
  }

  private KeyState markWritten(byte[] key) {
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
      state = new KeyState(key);
      states.put(wrapped, state);
      order.add(state);
    }
    return state;
  }

  /** Adds what is to happen once the unit has been taken. */
  public void afterwards(Runnable effect) {
    effects.add(effect);
  }

  /** Tells whether {@link #finish} has anything to ask of the store or to tell it. */
  public boolean isOpen() {
    return writes > 0 || reads > 1 || !watched.isEmpty();
  }

  /**
   * Writes what is to be written, if all that was read is still so. {@link #isWatchedChanged} says
   * of a result that refuses whether it is worth while to begin anew.
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
      throw new RespException(
          "ERR too many keys for one step, the limit is " + Batch.MAX_OPERATIONS / 2);
    }
    return store.writeAsync(batch);
  }

  private static void require(Batch<byte[], byte[]> batch, byte[] key, long version) {
    if (version == 0) {
      batch.requireAbsent(key);
    } else {
      batch.requireVersion(key, version);
    }
  }

  private static void write(Batch<byte[], byte[]> batch, KeyState state) {
    StoredValue held = state.held;
    byte[] value = state.value;
    if (held == null || value == null) {
      if (!state.read || state.version != 0) {
        batch.delete(state.key);
      }
    } else {
      batch.put(state.key, value, held.options());
    }
  }

  /** Tells whether a unit was refused because of what was watched. */
  public boolean isWatchedChanged(BatchResult failed) {
    return failed.failedPrecondition() < watched.size();
  }

  /** Says what is to happen if the unit comes to nothing. */
  public void otherwise(Runnable undo) {
    otherwise = undo;
  }

  /** Lets happen what is to happen where the unit was not taken. */
  public void discarded() {
    if (otherwise != null) {
      otherwise.run();
    }
  }

  /** Lets happen what is to happen after the unit. */
  public void applied() {
    for (Runnable effect : effects) {
      effect.run();
    }
  }
}
