package io.kvstore.server.http.response;

import io.kvstore.KvStore;
import io.kvstore.ValueView;
import io.kvstore.server.http.message.ByteRange;
import io.kvstore.server.http.message.EntityTag;
import io.kvstore.server.http.message.MediaType;
import io.kvstore.server.http.message.VersionId;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Writes the header fields that describe an entry. For use by one connection. */
final class FieldWriter {
  private static final String LINE_END = "\r\n";
  private static final String TYPE = "Content-Type: ";
  private static final String UNKNOWN_TYPE = "application/octet-stream";
  private static final String VALUE_FIELDS =
      LINE_END + DocumentFields.LINES + "Accept-Ranges: bytes" + LINE_END;
  private static final String VALIDATOR = "Cache-Control: no-cache" + LINE_END + "ETag: \"";

  /**
   * The status line and header fields of the usual response to a GET, up to the version in its tag.
   */
  private static final byte[] USUAL_VALUE =
      ascii("HTTP/1.1 200 OK" + LINE_END + TYPE + UNKNOWN_TYPE + VALUE_FIELDS + VALIDATOR);

  private static final byte[] TYPE_BYTES = ascii(TYPE);
  private static final byte[] UNKNOWN_TYPE_BYTES = ascii(UNKNOWN_TYPE);
  private static final byte[] VALUE_FIELDS_BYTES = ascii(VALUE_FIELDS);
  private static final byte[] VALIDATOR_BYTES = ascii(VALIDATOR);
  private static final byte[] TAG = ascii("ETag: \"");
  private static final byte[] TAG_END = ascii('"' + LINE_END);
  private static final byte[] COMPRESSED_TAG_END = ascii(EntityTag.COMPRESSED + '"' + LINE_END);
  private static final byte[] RANGE = ascii("Content-Range: bytes ");
  private static final byte[] VARY = ascii("Vary: Accept-Encoding" + LINE_END);
  private static final byte[] COMPRESSED = ascii("Content-Encoding: gzip" + LINE_END);
  private static final byte[] TTL = ascii("Kvstore-Ttl-Ms: ");
  private static final byte[] LINE_END_BYTES = ascii(LINE_END);

  private static final int MAX_DIGITS = 19;

  private final KvStore<?, ?> store;
  private final byte[] digits = new byte[MAX_DIGITS];
  private final byte[] mark = new byte[VersionId.MARK_DIGITS];

  /**
   * @param store knows the history of each version
   */
  FieldWriter(KvStore<?, ?> store) {
    this.store = store;
  }

  /** Writes the status line and header fields of a value without label and deadline. */
  void usualValue(ByteBuf out, long version) {
    out.writeBytes(USUAL_VALUE);
    version(out, version);
    out.writeBytes(TAG_END);
  }

  /** Writes the header fields of a value, after a status line. */
  void value(ByteBuf out, ValueView view, EntityTag tag) {
    out.writeBytes(TYPE_BYTES);
    @Nullable String label = view.label();
    // Labels that Redis clients and users of the library have set may be any text.
    if (label != null && MediaType.isValid(label)) {
      out.writeCharSequence(label, StandardCharsets.US_ASCII);
    } else {
      out.writeBytes(UNKNOWN_TYPE_BYTES);
    }
    out.writeBytes(VALUE_FIELDS_BYTES);
    @Nullable Instant expiresAt = view.expiresAt();
    if (expiresAt != null) {
      ttl(out, expiresAt);
    }
    if (tag.compressed()) {
      out.writeBytes(COMPRESSED);
    }
    validator(out, view, tag);
  }

  /** Writes the remaining time to live, which is positive. */
  private void ttl(ByteBuf out, Instant expiresAt) {
    out.writeBytes(TTL);
    number(out, Math.max(1, expiresAt.toEpochMilli() - System.currentTimeMillis()));
    out.writeBytes(LINE_END_BYTES);
  }

  /** Writes the fields for caches: the entity tag, and that the value may change at any time. */
  void validator(ByteBuf out, ValueView view, EntityTag tag) {
    if (Compression.suits(view)) {
      out.writeBytes(VARY);
    }
    out.writeBytes(VALIDATOR_BYTES);
    opaque(out, tag);
  }

  void tag(ByteBuf out, EntityTag tag) {
    out.writeBytes(TAG);
    opaque(out, tag);
  }

  private void opaque(ByteBuf out, EntityTag tag) {
    version(out, tag.version());
    out.writeBytes(tag.compressed() ? COMPRESSED_TAG_END : TAG_END);
  }

  private void version(ByteBuf out, long version) {
    number(out, version);
    out.writeByte('-');
    VersionId.writeMark(store, version, mark);
    out.writeBytes(mark);
  }

  void range(ByteBuf out, ByteRange range, int length) {
    out.writeBytes(RANGE);
    number(out, range.first());
    out.writeByte('-');
    number(out, range.last());
    out.writeByte('/');
    number(out, length);
    out.writeBytes(LINE_END_BYTES);
  }

  /** Writes a number that is not negative. */
  void number(ByteBuf out, long number) {
    int at = digits.length;
    long rest = number;
    do {
      digits[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    out.writeBytes(digits, at, digits.length - at);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
