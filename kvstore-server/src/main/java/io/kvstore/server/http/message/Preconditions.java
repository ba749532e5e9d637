package io.kvstore.server.http.message;

import io.kvstore.Batch;
import io.kvstore.KvStore;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * The preconditions of a request: If-Match and If-None-Match (RFC 9110, §13). If-Modified-Since and
 * If-Unmodified-Since are ignored, as required where no modification time is kept.
 *
 * @param match the If-Match, or null: the entry must have one of these tags
 * @param noneMatch the If-None-Match, or null: the entry must have none of these tags
 */
public record Preconditions(@Nullable EntityTags match, @Nullable EntityTags noneMatch) {
  public static final Preconditions NONE = new Preconditions(null, null);

  /** The version of an absent entry; no entry has it. */
  public static final long ABSENT = 0;

  /** Parses the fields of a read, which is answered as if malformed ones were absent. */
  public static Preconditions ofRead(HttpHeaders headers) {
    return of(
        tags(headers, HttpHeaderNames.IF_MATCH), tags(headers, HttpHeaderNames.IF_NONE_MATCH));
  }

  /**
   * Parses the fields of a write, which must not be applied on a condition that is not understood.
   *
   * @throws HttpException if they are malformed
   */
  public static Preconditions ofWrite(HttpHeaders headers) {
    return of(
        required(headers, HttpHeaderNames.IF_MATCH, "If-Match"),
        required(headers, HttpHeaderNames.IF_NONE_MATCH, "If-None-Match"));
  }

  private static Preconditions of(@Nullable EntityTags match, @Nullable EntityTags noneMatch) {
    return match == null && noneMatch == null ? NONE : new Preconditions(match, noneMatch);
  }

  private static @Nullable EntityTags required(
      HttpHeaders headers, AsciiString field, String name) {
    EntityTags tags = tags(headers, field);
    if (tags == null && headers.contains(field)) {
      throw HttpException.of(
          Status.BAD_REQUEST, name + " is neither * nor a list of tags like \"17\", with quotes.");
    }
    return tags;
  }

  /** Returns the tags of a field; null if it is absent or malformed. */
  private static @Nullable EntityTags tags(HttpHeaders headers, AsciiString field) {
    return headers.contains(field) ? EntityTags.of(headers.getAll(field)) : null;
  }

  /** Returns what is left of them in a store: tags of another history match no entry. */
  public Preconditions in(KvStore<?, ?> store) {
    return isNone()
        ? this
        : new Preconditions(
            match == null ? null : match.in(store), noneMatch == null ? null : noneMatch.in(store));
  }

  public boolean isNone() {
    return match == null && noneMatch == null;
  }

  /**
   * Adds the preconditions to a batch, if the store can evaluate them.
   *
   * @return whether it can; if not, the batch is unchanged
   */
  public boolean require(Batch<byte[], byte[]> batch, byte[] key) {
    if (match == null) {
      return noneMatch == null || requireAbsent(batch, key, noneMatch);
    }
    return noneMatch == null && requireMatch(batch, key, match);
  }

  private static boolean requireAbsent(
      Batch<byte[], byte[]> batch, byte[] key, EntityTags noneMatch) {
    if (noneMatch.any()) {
      batch.requireAbsent(key);
    }
    return noneMatch.any();
  }

  private static boolean requireMatch(Batch<byte[], byte[]> batch, byte[] key, EntityTags match) {
    if (match.any()) {
      batch.requirePresent(key);
      return true;
    }
    if (match.tags().size() == 1 && !match.tags().get(0).weak()) {
      batch.requireVersion(key, match.tags().get(0).version());
      return true;
    }
    return false;
  }

  /**
   * Checks both preconditions of a write.
   *
   * @throws HttpException if one does not hold
   */
  public void check(long version) {
    checkMatch(version);
    if (known(version, true) != null) {
      throw failed();
    }
  }

  /** Returns the error response for preconditions that the store has found not to hold. */
  public HttpException failed() {
    return failed(
        noneMatch == null
            ? "The entry is none of those that If-Match names."
            : "The entry is one of those that If-None-Match names.");
  }

  /**
   * Checks If-Match.
   *
   * @throws HttpException if it does not hold
   */
  public void checkMatch(long version) {
    if (match != null && !isAmong(match, version)) {
      throw failed("The entry is none of those that If-Match names.");
    }
  }

  /**
   * Returns a tag of If-None-Match that matches, so that the client's copy is current, or null. The
   * comparison is weak.
   *
   * @param compressedToo whether the client would accept the value compressed
   */
  public @Nullable EntityTag known(long version, boolean compressedToo) {
    if (noneMatch == null || version == ABSENT) {
      return null;
    }
    if (noneMatch.any()) {
      return EntityTag.plain(version);
    }
    EntityTag found = null;
    for (EntityTag tag : noneMatch.tags()) {
      if (tag.version() == version && (compressedToo || !tag.compressed())) {
        found = found == null || found.compressed() ? tag : found;
      }
    }
    return found;
  }

  private static boolean isAmong(EntityTags tags, long version) {
    if (tags.any()) {
      return version != ABSENT;
    }
    for (EntityTag tag : tags.tags()) {
      if (tag.version() == version && !tag.weak()) {
        return true;
      }
    }
    return false;
  }

  private static HttpException failed(String sentence) {
    return HttpException.of(Status.PRECONDITION_FAILED, sentence);
  }
}
