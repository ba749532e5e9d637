package io.kvstore.codec.kryo;

import io.kvstore.KvStoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of a store, by id. The meaning of an id never changes: schemas are only added, and
 * each is durable before it is used. Thread-safe.
 */
public final class Schemas {
  /** The id of a schema that a read-only store does not have: no key or value contains it. */
  static final int NOT_STORED = Integer.MAX_VALUE;

  /** The maximum number of schemas of a store: 65,536. */
  private static final int MAX_SCHEMAS = 1 << 16;

  private static final int LAST_ID = Tags.FIRST_SCHEMA + MAX_SCHEMAS - 1;

  /** The maximum number of schemas that a repair assumes to be lost: 4,096. */
  private static final int MAX_LOST = 1 << 12;

  private final SchemaStore lines;
  private volatile Map<Integer, Schema> byId;

  private Schemas(SchemaStore lines, Map<Integer, Schema> byId) {
    this.lines = lines;
    this.byId = byId;
  }

  /**
   * Reads the stored schemas.
   *
   * @throws KvStoreException if a line is not a schema
   */
  public static Schemas of(SchemaStore lines) {
    return new Schemas(lines, parsed(lines.read()));
  }

  /**
   * Returns the lines with an additional schema, after which no id is assigned that a lost schema
   * may have had.
   *
   * @param lines the remaining lines of a damaged file
   */
  public static List<String> salvaged(List<String> lines) {
    List<String> all = new ArrayList<>();
    Map<Integer, Schema> byId = new HashMap<>();
    for (String line : lines) {
      Schema schema = Schema.parse(line);
      Schema known = byId.get(schema.id());
      if (schema.kind() != Schema.Kind.MORE || (known != null && known.isExtendedBy(schema))) {
        put(byId, schema);
        all.add(line);
      }
    }
    int highest = byId.keySet().stream().mapToInt(i -> i).max().orElse(Tags.FIRST_SCHEMA);
    int id = Math.min(highest + MAX_LOST, LAST_ID);
    if (id != highest) {
      all.add(new Schema(id, Role.VALUE, Schema.Kind.TYPE, "lost", List.of()).toLine());
    }
    return all;
  }

  private static Map<Integer, Schema> parsed(List<String> lines) {
    Map<Integer, Schema> byId = new HashMap<>();
    for (String line : lines) {
      put(byId, Schema.parse(line));
    }
    return byId;
  }

  private static void put(Map<Integer, Schema> byId, Schema schema) {
    Schema known = byId.get(schema.id());
    if (schema.id() < Tags.FIRST_SCHEMA || schema.id() > LAST_ID) {
      throw new KvStoreException("invalid schema id: " + schema.id());
    }
    if (schema.kind() != Schema.Kind.MORE && known == null) {
      byId.put(schema.id(), schema);
    } else if (known != null && schema.kind() == Schema.Kind.MORE && known.isExtendedBy(schema)) {
      byId.put(schema.id(), known.extendedBy(schema));
    } else {
      throw new KvStoreException(
          "this schema is inconsistent with earlier ones: " + schema.toLine());
    }
  }

  boolean isEmpty() {
    return byId.isEmpty();
  }

  /**
   * Returns a schema.
   *
   * @throws KvStoreException if there is none with the id
   */
  Schema get(int id) {
    Schema schema = byId.get(id);
    return schema == null ? reload(id) : schema;
  }

  /** Reads the stored schemas again: another process may have added one since. */
  private synchronized Schema reload(int id) {
    byId = parsed(lines.read());
    Schema schema = byId.get(id);
    if (schema == null) {
      throw new KvStoreException("the store has no schema " + id);
    }
    return schema;
  }

  /** Returns the schema of an enum, read again if it does not have the index of a constant yet. */
  synchronized Schema getWith(int id, int index) {
    Schema schema = get(id);
    return index < schema.members().size() ? schema : reload(id);
  }

  synchronized @Nullable Schema find(Predicate<Schema> wanted) {
    return byId.values().stream().filter(wanted).findFirst().orElse(null);
  }

  /** Returns the schema that matches; if there is none, it is added first. */
  synchronized Schema findOrAdd(Predicate<Schema> wanted, Schema unnumbered) {
    Schema found = find(wanted);
    if (found == null && lines.isReadOnly()) {
      byId = parsed(lines.read());
      found = find(wanted);
      return found == null ? numbered(NOT_STORED, unnumbered) : found;
    }
    if (found != null) {
      return found;
    }
    int id = 1 + byId.keySet().stream().mapToInt(i -> i).max().orElse(Tags.FIRST_SCHEMA - 1);
    Schema added = numbered(id, unnumbered);
    add(added);
    return added;
  }

  private static Schema numbered(int id, Schema schema) {
    return new Schema(id, schema.role(), schema.kind(), schema.className(), schema.members());
  }

  /** Adds the missing constants of an enum, and returns the resulting schema. */
  synchronized Schema extend(int id, List<String> missing) {
    Schema schema = lines.isReadOnly() ? reload(id) : get(id);
    List<Schema.Member> members = new ArrayList<>();
    for (String name : missing) {
      Schema.Member member = new Schema.Member(name, "");
      if (!schema.members().contains(member)) {
        members.add(member);
      }
    }
    if (!members.isEmpty() && !lines.isReadOnly()) {
      add(schema.extension(members));
    }
    return get(id);
  }

  private void add(Schema schema) {
    Map<Integer, Schema> next = new HashMap<>(byId);
    put(next, schema);
    lines.add(schema.toLine());
    byId = next;
  }
}
