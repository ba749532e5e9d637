package io.kvstore.server.http.message;

import io.kvstore.KvStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The value of an If-Match or If-None-Match: a list of entity tags, or {@code *} for any. Only tags
 * that an entry of this server can have are kept.
 */
final class EntityTags {
  private final boolean any;
  private final List<EntityTag> tags;

  private EntityTags(boolean any, List<EntityTag> tags) {
    this.any = any;
    this.tags = tags;
  }

  /**
   * Parses a field; returns null if it is malformed.
   *
   * @param lines the lines that it is spread over
   */
  static @Nullable EntityTags of(List<String> lines) {
    if (lines.size() == 1 && lines.get(0).equals("*")) {
      return new EntityTags(true, List.of());
    }
    List<EntityTag> tags = new ArrayList<>();
    int count = 0;
    for (String line : lines) {
      count += read(line, tags);
      if (count < 0) {
        break;
      }
    }
    return count > 0 ? new EntityTags(false, List.copyOf(tags)) : null;
  }

  /** Returns the tag of a field with exactly one, otherwise null. */
  static @Nullable EntityTag single(String field) {
    List<EntityTag> tags = new ArrayList<>();
    return read(field, tags) == 1 && tags.size() == 1 ? tags.get(0) : null;
  }

  /** Returns these tags without those of other histories, which no entry of the store has. */
  EntityTags in(KvStore<?, ?> store) {
    List<EntityTag> own = new ArrayList<>();
    for (EntityTag tag : tags) {
      if (tag.id().isOf(store)) {
        own.add(tag);
      }
    }
    return new EntityTags(any, List.copyOf(own));
  }

  boolean any() {
    return any;
  }

  /** The tags that an entry of this server can have. */
  List<EntityTag> tags() {
    return tags;
  }

  /**
   * Adds the tags of one line, and returns the number of all tags in it; negative if it is
   * malformed.
   */
  private static int read(String line, List<EntityTag> tags) {
    int count = 0;
    boolean expected = true;
    int at = 0;
    while (at < line.length()) {
      char c = line.charAt(at);
      if (c == ' ' || c == '\t') {
        at++;
      } else if (c == ',') {
        expected = true;
        at++;
      } else {
        boolean weak = line.startsWith("W/", at);
        int open = weak ? at + 2 : at;
        int close = closingQuote(line, open);
        if (!expected || close < 0) {
          return Integer.MIN_VALUE;
        }
        EntityTag tag = EntityTag.of(line.substring(open + 1, close), weak);
        if (tag != null) {
          tags.add(tag);
        }
        count++;
        expected = false;
        at = close + 1;
      }
    }
    return count;
  }

  /** Returns the index of the closing quote of the tag that starts here, or -1. */
  private static int closingQuote(String line, int open) {
    if (open == line.length() || line.charAt(open) != '"') {
      return -1;
    }
    for (int at = open + 1; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c == '"') {
        return at;
      }
      if (c <= ' ' || c == '\u007F') {
        return -1;
      }
    }
    return -1;
  }
}
