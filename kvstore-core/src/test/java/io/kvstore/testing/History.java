package io.kvstore.testing;

import io.kvstore.Batch;
import io.kvstore.KvStore;
import io.kvstore.PutOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The history of a test: its changes in order, and so the possible states of a store. */
public final class History {

  /**
   * A put or a delete.
   *
   * @param value null for a delete
   */
  public record Change(String key, @Nullable String value) {}

  /** Keys that start so are put with a deadline, which no test lives to see. */
  public static final String EXPIRING = "expires";

  /** Keys that end so are put with a label. */
  public static final String LABELLED = " too";

  /** The label. */
  public static final String LABEL = "text/plain; charset=größe";

  private final List<Change> changes = new ArrayList<>();

  /** Puts into a store and remembers it. */
  public void put(KvStore<String, String> store, String key, String value) {
    PutOptions options = optionsOf(key);
    if (options.label() != null) {
      store.write(store.batch().put(key, value, options));
    } else if (options.ttl() != null) {
      store.put(key, value, options.ttl());
    } else {
      store.put(key, value);
    }
    changes.add(new Change(key, value));
  }

  private static PutOptions optionsOf(String key) {
    PutOptions options =
        key.startsWith(EXPIRING) ? PutOptions.NONE.ttl(KvStore.MAX_TTL) : PutOptions.NONE;
    return key.endsWith(LABELLED) ? options.label(LABEL) : options;
  }

  /** Deletes a key that is there, and remembers it. */
  public void delete(KvStore<String, String> store, String key) {
    if (!store.delete(key)) {
      throw new AssertionError(key + " was not there");
    }
    changes.add(new Change(key, null));
  }

  /** Makes changes in one batch, each delete of a key that is there, and remembers them. */
  public void write(KvStore<String, String> store, List<Change> batch) {
    if (!store.write(batchOf(store, batch)).applied()) {
      throw new AssertionError("refused without a precondition");
    }
    changes.addAll(batch);
  }

  /** Returns a batch of changes. */
  public static Batch<String, String> batchOf(KvStore<String, String> store, List<Change> changes) {
    Batch<String, String> batch = store.batch();
    for (Change change : changes) {
      if (change.value() == null) {
        batch.delete(change.key());
      } else {
        batch.put(change.key(), change.value(), optionsOf(change.key()));
      }
    }
    return batch;
  }

  /** Remembers a change that the test makes itself. */
  public void add(Change change) {
    changes.add(change);
  }

  /** Returns one that goes on from here on its own. */
  public History copy() {
    History copy = new History();
    copy.changes.addAll(changes);
    return copy;
  }

  /** Returns all changes; the first has sequence 1. */
  public List<Change> changes() {
    return changes;
  }

  /** Returns the entries after the first so many changes. */
  public Map<String, String> entriesAfter(long count) {
    Map<String, String> entries = new HashMap<>();
    for (Change change : changes.subList(0, (int) count)) {
      if (change.value() == null) {
        entries.remove(change.key());
      } else {
        entries.put(change.key(), change.value());
      }
    }
    return entries;
  }
}
