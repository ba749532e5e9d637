package io.kvstore.server.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.kvstore.Batch;
import io.kvstore.BatchResult;
import io.kvstore.Entry;
import io.kvstore.KeyRange;
import io.kvstore.KvStore;
import io.kvstore.Page;
import io.kvstore.PutOptions;
import io.kvstore.ValueView;
import io.kvstore.server.admin.port.Exchange;
import io.kvstore.server.admin.port.Reply;
import io.kvstore.server.http.message.VersionId;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The routes of the entry browser. A change is conditional on the version of the entry that was
 * edited, or on its absence, and otherwise has no effect.
 */
final class EntryRoute {
  /** The maximum number of entries of one page. */
  static final int MAX_PAGE = 200;

  /** The length from which on values are shown in part, and can't be edited. */
  static final int MAX_SHOWN_BYTES = 256 << 10;

  private static final int DEFAULT_PAGE = 50;

  /**
   * The parts of the store that are scanned for one page if they contain no entry with the prefix.
   */
  private static final int MAX_PARTS = 20;

  private static final String NONE = "*";
  private static final Pattern TAG = Pattern.compile("\"([^\"]*)\"");

  private volatile @Nullable KvStore<byte[], byte[]> store;

  void serve(KvStore<byte[], byte[]> opened) {
    store = opened;
  }

  /** Returns a page of the keys with a prefix, and the cursor of the next page. */
  Reply page(Exchange exchange) {
    KvStore<byte[], byte[]> from = store;
    if (from == null) {
      return opening();
    }
    byte[] prefix = exchange.query().bytes("prefix");
    int limit = (int) exchange.query().number("limit", DEFAULT_PAGE, 1, MAX_PAGE);
    KeyRange<byte[]> range =
        prefix == null || prefix.length == 0 ? KeyRange.all() : KeyRange.prefix(prefix);
    Page<byte[], byte[]> page = from.page(range, exchange.query().get("cursor"), limit);
    for (int i = 1; i < MAX_PARTS && page.entries().isEmpty() && page.cursor() != null; i++) {
      page = from.page(range, page.cursor(), limit);
    }
    Page<byte[], byte[]> found = page;
    return Reply.json(
        out -> {
          out.writeArrayFieldStart("entries");
          for (Entry<byte[], byte[]> entry : found.entries()) {
            out.writeStartObject();
            writeKey(out, entry.key());
            out.writeNumberField("bytes", entry.value().length);
            writeRest(out, VersionId.text(from, entry.version()), entry.expiresAt(), entry.label());
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeStringField("cursor", found.cursor());
        });
  }

  /** Returns one entry. */
  Reply entry(Exchange exchange) {
    KvStore<byte[], byte[]> from = store;
    if (from == null) {
      return opening();
    }
    byte[] key = key(exchange);
    ValueView view = from.view(key);
    if (view == null) {
      return Reply.problem(HttpResponseStatus.NOT_FOUND, "There is no value under this key.");
    }
    ByteBuffer bytes = view.bytes();
    byte[] shown = new byte[Math.min(bytes.remaining(), MAX_SHOWN_BYTES)];
    int length = bytes.remaining();
    bytes.get(shown);
    return Reply.json(
        out -> {
          writeKey(out, key);
          out.writeNumberField("bytes", length);
          writeRest(out, VersionId.text(from, view.version()), view.expiresAt(), view.label());
          out.writeBinaryField("valueBase64", shown);
        });
  }

  /** Stores a value. */
  CompletableFuture<Reply> put(Exchange exchange) {
    KvStore<byte[], byte[]> into = store;
    if (into == null) {
      return CompletableFuture.completedFuture(opening());
    }
    byte[] key = key(exchange);
    PutOptions options = new PutOptions(null, null, label(exchange));
    String expiresAt = exchange.query().get("expiresAt");
    String ttl = exchange.query().get("ttlMillis");
    if (ttl != null) {
      long most = KvStore.MAX_TTL.toMillis();
      options = options.ttl(Duration.ofMillis(exchange.query().number("ttlMillis", 1, 1, most)));
    } else if (expiresAt != null) {
      options = options.expiresAt(instant(expiresAt));
    }
    Batch<byte[], byte[]> batch = into.batch();
    return write(into, batch.put(key, exchange.body(), options), exchange);
  }

  /** Removes an entry. */
  CompletableFuture<Reply> delete(Exchange exchange) {
    KvStore<byte[], byte[]> from = store;
    return from == null
        ? CompletableFuture.completedFuture(opening())
        : write(from, from.batch().delete(key(exchange)), exchange);
  }

  private static CompletableFuture<Reply> write(
      KvStore<byte[], byte[]> to, Batch<byte[], byte[]> batch, Exchange exchange) {
    byte[] key = key(exchange);
    List<String> match = exchange.headers().getAll(HttpHeaderNames.IF_MATCH);
    List<String> noneMatch = exchange.headers().getAll(HttpHeaderNames.IF_NONE_MATCH);
    if (!match.isEmpty() && noneMatch.isEmpty()) {
      batch.requireVersion(key, version(String.join(", ", match)).required(to));
    } else if (match.isEmpty() && noneMatch.equals(List.of(NONE))) {
      batch.requireAbsent(key);
    } else {
      return CompletableFuture.completedFuture(
          Reply.problem(
              HttpResponseStatus.PRECONDITION_REQUIRED,
              "A change needs If-Match with a version, or If-None-Match: *."));
    }
    return to.writeAsync(batch).thenApply(result -> written(to, result));
  }

  private static Reply written(KvStore<byte[], byte[]> to, BatchResult result) {
    if (!result.applied()) {
      return Reply.problem(
          HttpResponseStatus.PRECONDITION_FAILED,
          "The entry has been changed since it was read; nothing was written.");
    }
    String version = VersionId.text(to, result.outcomes().get(0).version());
    return Reply.json(out -> out.writeStringField("version", version));
  }

  private static Reply opening() {
    return Reply.problem(HttpResponseStatus.SERVICE_UNAVAILABLE, "The store is being opened.");
  }

  private static byte[] key(Exchange exchange) {
    byte[] key = exchange.query().bytes("key");
    if (key == null) {
      throw new IllegalArgumentException("the key is missing");
    }
    return key;
  }

  private static @Nullable String label(Exchange exchange) {
    String label = exchange.query().get("label");
    return label == null || label.isEmpty() ? null : label;
  }

  private static VersionId version(String tag) {
    Matcher matcher = TAG.matcher(tag);
    VersionId version = matcher.matches() ? VersionId.parse(matcher.group(1)) : null;
    if (version == null) {
      throw new IllegalArgumentException("If-Match is " + tag + ", not a version in quotes");
    }
    return version;
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("expiresAt is '" + text + "', not an instant", e);
    }
  }

  /** Writes a key as text if it is UTF-8, and always as Base64, which requests use. */
  private static void writeKey(JsonGenerator out, byte[] key) throws IOException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
      out.writeStringField("key", text);
    } catch (CharacterCodingException e) {
      out.writeNullField("key");
    }
    out.writeBinaryField("keyBase64", key);
  }

  /** Writes all but the key; the version is that of the ETag. */
  private static void writeRest(
      JsonGenerator out, String version, @Nullable Instant expiresAt, @Nullable String label)
      throws IOException {
    out.writeStringField("version", version);
    if (expiresAt != null) {
      out.writeStringField("expiresAt", expiresAt.toString());
    }
    if (label != null) {
      out.writeStringField("label", label);
    }
  }
}
