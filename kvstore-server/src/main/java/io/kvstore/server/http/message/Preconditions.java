package io.kvstore.server.http.message;

import io.kvstore.Batch;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The preconditions of a request: If-Match and If-None-Match (RFC 9110, §13). The fields that name
 * a time are ignored, as they must be where no time of a change is kept.
 *
 * @param match the If-Match, null for none: the entry has to be one of these
 * @param noneMatch the If-None-Match, null for none: the entry must be none of these
 */
public record Preconditions(@Nullable EntityTags match, @Nullable EntityTags noneMatch) {
  public static final Preconditions NONE = new Preconditions(null, null);

  /** The version of an entry that is not there; no entry has it. */
  public static final long ABSENT = 0;

  /**
   * Reads the fields.
   *
   * @throws HttpException if they are not well-formed
   */
  public static Preconditions of(HttpHeaders headers) {
    EntityTags match = read(headers, HttpHeaderNames.IF_MATCH, "If-Match");
    EntityTags noneMatch = read(headers, HttpHeaderNames.IF_NONE_MATCH, "If-None-Match");
    return match == null && noneMatch == null ? NONE : new Preconditions(match, noneMatch);
  }

  private static @Nullable EntityTags read(HttpHeaders headers, AsciiString field, String name) {
    List<String> lines = headers.contains(field) ? headers.getAll(field) : List.of();
    return lines.isEmpty() ? null : EntityTags.of(name, lines);
  }

  public boolean isNone() {
    return match == null && noneMatch == null;
  }

  /**
   * Makes these the preconditions of a batch, if they can be asked of the store that way.
   *
   * @return whether they can; if not, the batch is as it was
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
   * Sees to it that all holds of an entry that is to be written.
   *
   * @throws HttpException if it does not
   */
  public void check(long version) {
    checkMatch(version);
    if (known(version, true) != null) {
      throw failed();
    }
  }

  /** What to say if the store has found that they don't hold. */
  public HttpException failed() {
    return failed(
        noneMatch == null
            ? "The entry is none of those that If-Match names."
            : "The entry is one of those that If-None-Match names.");
  }

  /**
   * Sees to it that If-Match holds of an entry.
   *
   * @throws HttpException if it does not
   */
  public void checkMatch(long version) {
    if (match != null && !isAmong(match, version)) {
      throw failed("The entry is none of those that If-Match names.");
    }
  }

  /**
   * Returns a tag of If-None-Match that a client has this entry under, or null if it has not. Who
   * has made it weak does not matter.
   *
   * @param compressedToo whether the client would take it compressed
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
