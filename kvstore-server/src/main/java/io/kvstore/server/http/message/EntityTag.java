package io.kvstore.server.http.message;

import org.jspecify.annotations.Nullable;

/**
 * An entity tag of this server: {@code "17-0f3k9a2m"} for version 17 of an entry, {@code
 * "17-0f3k9a2m-gzip"} for the same version compressed; see {@link VersionId}.
 *
 * @param weak whether the client sent it with the prefix {@code W/}, which only a proxy can have
 *     added
 */
public record EntityTag(VersionId id, boolean compressed, boolean weak) {
  /** The suffix of the version in the tag of a compressed value. */
  public static final String COMPRESSED = "-gzip";

  /** Returns the tag of a value; its mark is added when it is written. */
  public static EntityTag plain(long version) {
    return new EntityTag(VersionId.unmarked(version), false, false);
  }

  /** Returns the tag of a compressed value; its mark is added when it is written. */
  public static EntityTag compressed(long version) {
    return new EntityTag(VersionId.unmarked(version), true, false);
  }

  /** Parses the characters between quotes; returns null if they are not a tag of this server. */
  public static @Nullable EntityTag of(String opaque, boolean weak) {
    boolean compressed = opaque.endsWith(COMPRESSED);
    int length = opaque.length() - (compressed ? COMPRESSED.length() : 0);
    VersionId id = VersionId.parse(opaque.substring(0, length));
    return id == null || id.version() == Preconditions.ABSENT
        ? null
        : new EntityTag(id, compressed, weak);
  }

  public long version() {
    return id.version();
  }
}
