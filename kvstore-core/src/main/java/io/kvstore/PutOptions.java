package io.kvstore;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a put can say of an entry besides its key and value; {@link #NONE}, and from there on:
 *
 * <pre>{@code
 * batch.put(key, bytes, PutOptions.NONE.label("image/png").ttl(Duration.ofHours(1)));
 * }</pre>
 *
 * @param ttl how long the entry is to live, counted from the write; null for ever, or until {@code
 *     expiresAt}
 * @param expiresAt the moment, to the millisecond, from which on the entry is absent, at once if it
 *     has passed; null for never, or as {@code ttl} says
 * @param label a short text that goes with the value, such as its media type: it is not looked at,
 *     comes back in {@link Entry#label()}, stays through {@code touch} and {@code persist}, and
 *     goes with the next put, which may bring one of its own; null for none
 */
public record PutOptions(
    @Nullable Duration ttl, @Nullable Instant expiresAt, @Nullable String label) {
  /** The most bytes that a label may have in UTF-8: 255. */
  public static final int MAX_LABEL_BYTES = 255;

  /** Nothing: an entry without a deadline and without a label. */
  public static final PutOptions NONE = new PutOptions(null, null, null);

  /**
   * Checks what can be checked without a store.
   *
   * @throws IllegalArgumentException if there is a time to live and a moment, or the label is
   *     empty, too long, or no text that UTF-8 can write
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

  /** Returns these with a time to live, and no moment. */
  public PutOptions ttl(Duration newTtl) {
    return new PutOptions(newTtl, null, label);
  }

  /** Returns these with a moment, and no time to live. */
  public PutOptions expiresAt(Instant moment) {
    return new PutOptions(null, moment, label);
  }

  /** Returns these with a label. */
  public PutOptions label(String newLabel) {
    return new PutOptions(ttl, expiresAt, newLabel);
  }
}
