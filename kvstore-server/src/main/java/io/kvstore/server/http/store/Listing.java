package io.kvstore.server.http.store;

import com.fasterxml.jackson.core.JsonGenerator;
import io.kvstore.Entry;
import io.kvstore.KvStore;
import io.kvstore.Page;
import io.kvstore.ValueView;
import io.kvstore.server.http.entry.RequestAccess;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.http.message.Status;
import io.kvstore.server.http.response.ResponseStream;
import io.kvstore.server.http.response.StreamType;
import io.kvstore.server.http.response.StreamedResponse;
import io.kvstore.server.json.LongJson;
import io.kvstore.server.net.LongWork;
import io.kvstore.server.net.Turn;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The streamed listing of entries: reads and formats some on a thread of {@link LongWork}, sends
 * them on the event loop, and continues once the client has read those. Holds one part of the list
 * in memory, however long the list is.
 */
final class Listing implements StreamedResponse {
  private final KvStore<byte[], byte[]> store;
  private final ListingQuery query;
  private final @Nullable RequestAccess access;
  private final Permits permits;

  private @Nullable ResponseStream answer;
  private boolean begun;
  private boolean running;
  private boolean waiting;

  // The state of reading, on one thread at a time.
  private @Nullable String cursor;
  private long sent;
  private boolean opened;

  /** The entries that have been read, and not formatted. */
  private List<Entry<byte[], byte[]>> entries = List.of();

  // The state of sending, on the event loop.
  private @Nullable LongValue value;
  private boolean last;

  /**
   * @param access the access of the client, required for each part; null for one to every key
   * @param permits the limit of listings, of which a permit is held until the end
   */
  Listing(
      KvStore<byte[], byte[]> store,
      ListingQuery query,
      @Nullable RequestAccess access,
      Permits permits) {
    this.store = store;
    this.query = query;
    this.access = access;
    this.permits = permits;
    this.cursor = query.cursor();
  }

  /**
   * A part of the list, formatted.
   *
   * @param value the long value of the last entry, which follows, or null
   * @param last whether it is the last one
   */
  private record Part(ByteBuf bytes, @Nullable LongValue value, boolean last) {}

  @Override
  public void start(ResponseStream to) {
    permits.acquire();
    running = true;
    answer = to;
    read(to);
  }

  @Override
  public void resume() {
    ResponseStream to = answer;
    if (waiting && to != null) {
      waiting = false;
      goOn(to);
    }
  }

  @Override
  public void stop() {
    if (running) {
      running = false;
      permits.release();
    }
  }

  private void goOn(ResponseStream to) {
    if (!running) {
      return;
    }
    if (value != null) {
      sendValue(to, value);
    } else if (to.isWritable()) {
      read(to);
    } else {
      waiting = true;
    }
  }

  /** Reads the next part on another thread, and sends it. */
  private void read(ResponseStream to) {
    var unused =
        LongWork.submit(() -> CompletableFuture.completedFuture(part(to)))
            .whenCompleteAsync((part, failure) -> send(to, part, failure), to.executor());
  }

  private void send(ResponseStream to, @Nullable Part part, @Nullable Throwable failure) {
    if (part == null) {
      if (running) {
        to.fail(failure == null ? new IllegalStateException("no part") : failure);
      }
      return;
    }
    if (!running) {
      part.bytes().release();
      return;
    }
    if (!begun) {
      begun = true;
      to.begin(query.type());
    }
    if (to.isHeadOnly()) {
      part.bytes().release();
      to.end();
      return;
    }
    to.send(part.bytes());
    value = part.value();
    last = part.last();
    if (last && value == null) {
      to.end();
    } else {
      goOn(to);
    }
  }

  private void sendValue(ResponseStream to, LongValue sending) {
    if (access != null && !access.isAllowed()) {
      to.fail(HttpException.of(Status.FORBIDDEN, "This token is no longer valid for these keys."));
      return;
    }
    switch (sending.send(to)) {
      case WAITING -> waiting = true;
      case YIELDING -> Turn.letOthersRun(to.executor(), () -> goOn(to));
      case DONE -> {
        value = null;
        if (last) {
          to.end();
        } else {
          goOn(to);
        }
      }
    }
  }

  private Part part(ResponseStream to) {
    if (access != null) {
      access.require();
    }
    if (entries.isEmpty()) {
      Page<byte[], byte[]> page = page();
      cursor = page.cursor();
      entries = page.entries();
    }
    List<Entry<byte[], byte[]>> some = untilLong(entries);
    @Nullable Entry<byte[], byte[]> large =
        some.size() < entries.size() ? entries.get(some.size()) : null;
    entries =
        large == null ? List.of() : List.copyOf(entries.subList(some.size() + 1, entries.size()));
    long after = sent + some.size() + (large == null ? 0 : 1);
    boolean isLast = entries.isEmpty() && (cursor == null || after >= query.limit());
    ByteBuf piece = to.piece();
    try {
      write(some, isLast && large == null, new ByteBufOutputStream(piece));
      LongValue following =
          large == null ? null : longValue(large, isLast, new ByteBufOutputStream(piece));
      return new Part(piece, following, isLast);
    } catch (IOException e) {
      piece.release();
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the entries before the first whose value is sent piece by piece. */
  private List<Entry<byte[], byte[]>> untilLong(List<Entry<byte[], byte[]>> all) {
    for (int i = 0; query.values() && i < all.size(); i++) {
      if (all.get(i).value().length > HttpLimits.MAX_FORMATTED_VALUE_BYTES) {
        return all.subList(0, i);
      }
    }
    return all;
  }

  /** Writes an entry up to its value, and returns what follows. */
  private LongValue longValue(Entry<byte[], byte[]> entry, boolean isLast, OutputStream piece)
      throws IOException {
    ValueView view = store.view(entry.key());
    if (view == null || view.version() != entry.version()) {
      view = EntryJson.view(entry); // it has changed since: only the copy is left
    }
    LongJson json = LongJson.of(view.bytes());
    try (JsonGenerator generator = EntryJson.to(piece)) {
      if (query.type() != StreamType.JSON_LINES) {
        generator.writeRaw(sent == 0 ? "\n" : ",\n");
      }
      EntryJson.writeUpTo(generator, entry.key(), view, json);
    }
    sent++;
    ByteArrayOutputStream tail = new ByteArrayOutputStream();
    try (JsonGenerator generator = EntryJson.to(tail)) {
      boolean lines = query.type() == StreamType.JSON_LINES;
      generator.writeRaw(lines ? "\"}\n" : "\"}");
      if (isLast) {
        writeEnd(generator, lines);
      }
    }
    return new LongValue(json, tail.toString(StandardCharsets.UTF_8));
  }

  private Page<byte[], byte[]> page() {
    long wanted = Math.min(query.limit() - sent, HttpLimits.ENTRIES_PER_PART);
    try {
      return store.page(query.range(), cursor, (int) wanted);
    } catch (IllegalArgumentException e) {
      if (cursor == null || opened) {
        throw e;
      }
      throw HttpException.of(
          Status.BAD_REQUEST, "The parameter cursor is not valid for this store.");
    }
  }

  private void write(List<Entry<byte[], byte[]>> some, boolean isLast, OutputStream piece)
      throws IOException {
    boolean lines = query.type() == StreamType.JSON_LINES;
    try (JsonGenerator json = EntryJson.to(piece)) {
      if (!lines && !opened) {
        json.writeRaw("{\"entries\":[");
      }
      opened = true;
      for (Entry<byte[], byte[]> entry : some) {
        if (!lines) {
          json.writeRaw(sent == 0 ? "\n" : ",\n");
        }
        EntryJson.write(json, entry, query.values());
        if (lines) {
          json.writeRaw('\n');
        }
        sent++;
      }
      if (isLast) {
        writeEnd(json, lines);
      }
    }
  }

  private void writeEnd(JsonGenerator json, boolean lines) throws IOException {
    if (!lines) {
      json.writeRaw("\n]");
    }
    if (cursor != null) {
      json.writeRaw(lines ? "{\"cursor\":" : ",\"cursor\":");
      json.writeString(cursor);
    }
    if (cursor != null || !lines) {
      json.writeRaw("}\n");
    }
  }
}
