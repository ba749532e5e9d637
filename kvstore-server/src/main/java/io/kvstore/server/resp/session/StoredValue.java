package io.kvstore.server.resp.session;

import io.kvstore.PutOptions;
import io.kvstore.ValueView;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The stored value of a key, as a {@link UnitOfWork} sees it.
 *
 * @param bytes the value, position 0 to limit; readers must not change the position
 * @param deadline in milliseconds since 1970; {@link #FOREVER} for none
 * @param label the label that another protocol has set; not visible over this one
 */
public record StoredValue(ByteBuffer bytes, long deadline, @Nullable String label) {
  public static final long FOREVER = Long.MAX_VALUE;

  static StoredValue of(ValueView view) {
    Instant expiresAt = view.expiresAt();
    long deadline = expiresAt == null ? FOREVER : expiresAt.toEpochMilli();
    return new StoredValue(view.bytes(), deadline, view.label());
  }

  public boolean hasDeadline() {
    return deadline != FOREVER;
  }

  public int length() {
    return bytes.remaining();
  }

  /** Returns a copy of the value. */
  public byte[] value() {
    byte[] copy = new byte[length()];
    bytes.get(bytes.position(), copy);
    return copy;
  }

  /** Returns a copy of a part of the value. */
  public byte[] value(int from, int length) {
    byte[] copy = new byte[length];
    bytes.get(bytes.position() + from, copy);
    return copy;
  }

  /** Returns one byte, as an unsigned number. */
  public int at(int i) {
    return bytes.get(bytes.position() + i) & 0xFF;
  }

  /** Returns the options to store the value with. */
  PutOptions options() {
    Instant expiresAt = hasDeadline() ? Instant.ofEpochMilli(deadline) : null;
    return new PutOptions(null, expiresAt, label);
  }

  static @Nullable StoredValue live(@Nullable StoredValue stored, long nowMillis) {
    return stored == null || stored.deadline > nowMillis ? stored : null;
  }
}
