package io.kvstore.codec.kryo;

import io.kvstore.KvStoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All schemas of a store, by id. An id never changes its meaning: schemas are added only, and each
 * is safe before it is used. For any thread.
 */
public final class Schemas {
  /** Stands for what a store that is only read does not have: no key or value has it in it. */
  static final int NOT_STORED = Integer.MAX_VALUE;

  /** The most schemas that a store may have: 65,536. */
  private static final int MAX_SCHEMAS = 1 << 16;

  private static final int LAST_ID = Tags.FIRST_SCHEMA + MAX_SCHEMAS - 1;

  /** As many schemas are thought to be lost at most where some are: 4,096. */
  private static final int MAX_LOST = 1 << 12;

  private final SchemaStore lines;
  private volatile Map<Integer, Schema> byId;

  private Schemas(SchemaStore lines, Map<Integer, Schema> byId) {
    this.lines = lines;
    this.byId = byId;
  }

  /**
   * Reads what is kept.
   *
   * @throws KvStoreException if a line is no schema
   */
  public static Schemas of(SchemaStore lines) {
    return new Schemas(lines, parsed(lines.read()));
  }

  /**
   * Returns lines with one more, after which no id is given that a lost one may have had.
   *
   * @param lines of a file of which some are lost
   */
  public static List<String> salvaged(List<String> lines) {
    List<String> all = new ArrayList<>();
    Map<Integer, Schema> byId = new HashMap<>();
    for (String line : lines) {
      Schema schema = Schema.parse(line);
      Schema known = byId.get(schema.id());
      if (schema.kind() != Schema.Kind.MORE || (known != null && known.takes(schema))) {
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
      throw new KvStoreException("no schema has the id " + schema.id());
    }
    if (schema.kind() != Schema.Kind.MORE && known == null) {
      byId.put(schema.id(), schema);
    } else if (known != null && schema.kind() == Schema.Kind.MORE && known.takes(schema)) {
      byId.put(schema.id(), known.and(schema));
    } else {
      throw new KvStoreException("this schema does not go with those before: " + schema.toLine());
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
    return schema == null ? getAnew(id) : schema;
  }

  /** Another process may have added it since. */
  private synchronized Schema getAnew(int id) {
    byId = parsed(lines.read());
    Schema schema = byId.get(id);
    if (schema == null) {
      throw new KvStoreException("the store has no schema " + id);
    }
    return schema;
  }

  /** Returns an enum with the constant of an index, if there is one. */
  synchronized Schema getWith(int id, int index) {
    Schema schema = get(id);
    return index < schema.members().size() ? schema : getAnew(id);
  }

  synchronized @Nullable Schema find(Predicate<Schema> wanted) {
    return byId.values().stream().filter(wanted).findFirst().orElse(null);
  }

  /** Returns the one that is wanted, and adds it before if there is none. */
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

  /** Adds those of the constants of an enum that are missing, and returns what it is then. */
  synchronized Schema extend(int id, List<String> missing) {
    Schema schema = lines.isReadOnly() ? getAnew(id) : get(id);
    List<Schema.Member> members = new ArrayList<>();
    for (String name : missing) {
      Schema.Member member = new Schema.Member(name, "");
      if (!schema.members().contains(member)) {
        members.add(member);
      }
    }
    if (!members.isEmpty() && !lines.isReadOnly()) {
      add(schema.more(members));
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
