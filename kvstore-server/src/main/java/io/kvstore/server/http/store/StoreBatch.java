package io.kvstore.server.http.store;

import com.fasterxml.jackson.core.JsonGenerator;
import io.kvstore.Batch;
import io.kvstore.BatchResult;
import io.kvstore.BatchResult.Outcome;
import io.kvstore.KvStore;
import io.kvstore.server.http.entry.RequestAccess;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** A parsed batch: operations and preconditions in one list. */
final class StoreBatch {
  private final KvStore<byte[], byte[]> store;
  private final Batch<byte[], byte[]> batch;
  private final @Nullable RequestAccess access;
  private final BitSet operations = new BitSet();
  private int size;

  /**
   * @param store the store that the batch is for
   * @param access the access of the client; null for one to every key
   */
  StoreBatch(KvStore<byte[], byte[]> store, @Nullable RequestAccess access) {
    this.store = store;
    this.batch = store.batch();
    this.access = access;
  }

  /**
   * Adds an element.
   *
   * @throws IllegalArgumentException if it is incomplete
   * @throws HttpException if the client may not use its key
   */
  void add(BatchElement element) {
    operations.set(size, element.addTo(batch, store));
    if (access != null && !access.covers(element.key())) {
      throw HttpException.of(
          Status.FORBIDDEN, "This token is for other keys than that of element " + size + ".");
    }
    size++;
  }

  int size() {
    return size;
  }

  Batch<byte[], byte[]> batch() {
    return batch;
  }

  /** Returns the index in the list of the precondition with this number. */
  int indexOfPrecondition(int number) {
    int index = operations.nextClearBit(0);
    for (int i = 0; i < number; i++) {
      index = operations.nextClearBit(index + 1);
    }
    return index;
  }

  /** Returns the response to a batch that was applied: an array with an object for each element. */
  byte[] answer(BatchResult result) {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try (JsonGenerator json = EntryJson.to(answer)) {
      int next = 0;
      json.writeStartArray();
      for (int i = 0; i < size; i++) {
        json.writeStartObject();
        if (operations.get(i)) {
          Outcome outcome = result.outcomes().get(next++);
          json.writeNumberField("version", outcome.version());
          json.writeBooleanField("existed", outcome.existed());
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a ByteArrayOutputStream does not fail
    }
    return answer.toByteArray();
  }
}
