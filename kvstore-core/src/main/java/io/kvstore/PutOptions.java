package io.kvstore;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The options of a put: deadline and label. Start from {@link #NONE}:
 *
 * <pre>{@code
 * batch.put(key, bytes, PutOptions.NONE.label("image/png").ttl(Duration.ofHours(1)));
 * }</pre>
 *
 * @param ttl the time to live of the entry, counted from the write; null for an entry that does not
 *     expire, or that has {@code expiresAt}
 * @param expiresAt the deadline, to the millisecond, from which on the entry is absent, at once if
 *     it has passed; null for an entry that does not expire, or that has {@code ttl}
 * @param label a short text stored with the value, such as its media type: it is not interpreted,
 *     is returned by {@link Entry#label()}, is kept by {@code touch} and {@code persist}, and is
 *     dropped by the next put, which may bring its own label; null for none
 */
public record PutOptions(
    @Nullable Duration ttl, @Nullable Instant expiresAt, @Nullable String label) {
  /** The maximum length of a label in UTF-8 bytes: 255. */
  public static final int MAX_LABEL_BYTES = 255;

  /** The default options: an entry without a deadline and without a label. */
  public static final PutOptions NONE = new PutOptions(null, null, null);

  /**
   * Checks the options as far as possible without a store.
   *
   * @throws IllegalArgumentException if both {@code ttl} and {@code expiresAt} are given, or the
   *     label is empty, too long, or not encodable in UTF-8
   */
  public PutOptions {
    if (ttl != null && expiresAt != null) {
      throw new IllegalArgumentException("ttl and expiresAt are both given: " + ttl);
    }
    if (label != null) {
      check(label);
    }
  }

  private static void check(String label) {
    int bytes = label.getBytes(UTF_8).length;
    if (bytes == 0 || bytes > MAX_LABEL_BYTES) {
      throw new IllegalArgumentException(
          "the label has " + bytes + " bytes, not 1 to MAX_LABEL_BYTES = " + MAX_LABEL_BYTES);
    }
    if (!UTF_8.newEncoder().canEncode(label)) {
      throw new IllegalArgumentException("the label has half a surrogate pair: " + label);
    }
  }

  /** Returns these options with a time to live, which replaces any deadline. */
  public PutOptions ttl(Duration newTtl) {
    return new PutOptions(newTtl, null, label);
  }

  /** Returns these options with a deadline, which replaces any time to live. */
  public PutOptions expiresAt(Instant moment) {
    return new PutOptions(null, moment, label);
  }

  /** Returns these options with a label. */
  public PutOptions label(String newLabel) {
    return new PutOptions(ttl, expiresAt, newLabel);
  }
}
