package io.kvstore.server.http.store;

import com.fasterxml.jackson.core.JsonGenerator;
import io.kvstore.Entry;
import io.kvstore.KvStore;
import io.kvstore.Page;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.http.message.Status;
import io.kvstore.server.http.response.ResponseStream;
import io.kvstore.server.http.response.StreamType;
import io.kvstore.server.http.response.StreamedResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The streamed listing of entries: reads some from the store and sends them, yields to other
 * connections, and continues once the client has read those. Holds one part of the list in memory,
 * however long the list is.
 */
final class Listing implements StreamedResponse {
  private final KvStore<byte[], byte[]> store;
  private final ListingQuery query;
  private final Permits permits;

  private @Nullable ResponseStream answer;
  private @Nullable String cursor;
  private long sent;
  private boolean opened;
  private boolean running;
  private boolean waiting;

  /**
   * @param permits the limit of listings, of which a permit is held until the end
   */
  Listing(KvStore<byte[], byte[]> store, ListingQuery query, Permits permits) {
    this.store = store;
    this.query = query;
    this.permits = permits;
    this.cursor = query.cursor();
  }

  @Override
  public void start(ResponseStream to) {
    permits.acquire();
    running = true;
    answer = to;
    Page<byte[], byte[]> first = firstPage();
    to.begin(query.type());
    if (to.isHeadOnly()) {
      to.end();
    } else {
      send(to, first);
    }
  }

  private Page<byte[], byte[]> firstPage() {
    try {
      return nextPage();
    } catch (IllegalArgumentException e) {
      if (cursor == null) {
        throw e;
      }
      throw HttpException.of(
          Status.BAD_REQUEST, "The parameter cursor is not valid for this store.");
    }
  }

  private Page<byte[], byte[]> nextPage() {
    long wanted = Math.min(query.limit() - sent, HttpLimits.ENTRIES_PER_TURN);
    return store.page(query.range(), cursor, (int) wanted);
  }

  @Override
  public void resume() {
    if (waiting) {
      waiting = false;
      turn();
    }
  }

  @Override
  public void stop() {
    if (running) {
      running = false;
      permits.release();
    }
  }

  private void turn() {
    ResponseStream to = answer;
    if (!running || to == null) {
      return;
    }
    if (!to.isWritable()) {
      waiting = true;
      return;
    }
    Page<byte[], byte[]> next;
    try {
      next = nextPage();
    } catch (RuntimeException e) {
      to.fail(e);
      return;
    }
    send(to, next);
  }

  private void send(ResponseStream to, Page<byte[], byte[]> page) {
    cursor = page.cursor();
    boolean last = cursor == null || sent + page.entries().size() >= query.limit();
    ByteBuf piece = to.piece();
    try {
      write(page, last, new ByteBufOutputStream(piece));
    } catch (IOException e) {
      piece.release();
      to.fail(e);
      return;
    }
    to.send(piece);
    if (last) {
      to.end();
    } else {
      to.executor().execute(this::turn);
    }
  }

  private void write(Page<byte[], byte[]> page, boolean last, OutputStream piece)
      throws IOException {
    boolean lines = query.type() == StreamType.JSON_LINES;
    try (JsonGenerator json = EntryJson.to(piece)) {
      if (!lines && !opened) {
        json.writeRaw("{\"entries\":[");
      }
      opened = true;
      for (Entry<byte[], byte[]> entry : page.entries()) {
        if (!lines) {
          json.writeRaw(sent == 0 ? "\n" : ",\n");
        }
        EntryJson.write(json, entry, query.values());
        if (lines) {
          json.writeRaw('\n');
        }
        sent++;
      }
      if (last) {
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
