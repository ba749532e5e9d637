package io.kvstore.codec.kryo;

import io.kvstore.KvStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a class looked like when values of it were written. As a line: its parts with tabs between
 * them.
 *
 * @param id written in front of each object
 * @param className as {@link Class#getName()} gave it
 * @param members components or fields, in the order in which they are written; constants of an
 *     enum, whose index is written
 */
record Schema(int id, Role role, Kind kind, String className, List<Member> members) {
  private static final String SEPARATOR = "\t";

  /** What sort of class it was. */
  enum Kind {
    RECORD,
    CLASS,
    ENUM,
    /** An interface or an abstract class, as type of the elements of an array. */
    TYPE,
    /**
     * No schema, but further constants of the enum with the same id. The first member is no
     * constant, but their number before.
     */
    MORE
  }

  /**
   * One component, field or constant.
   *
   * @param type empty for a constant
   */
  record Member(String name, String type) {
    WireType wire() {
      return WireType.of(type);
    }
  }

  Set<String> names() {
    return members.stream().map(Member::name).collect(Collectors.toSet());
  }

  private boolean hasTypes() {
    return kind == Kind.RECORD || kind == Kind.CLASS;
  }

  String toLine() {
    List<String> parts = new ArrayList<>();
    parts.add(Integer.toString(id));
    parts.add(role.name().toLowerCase(Locale.ROOT));
    parts.add(kind.name().toLowerCase(Locale.ROOT));
    parts.add(className);
    for (Member member : members) {
      parts.add(member.name());
      if (hasTypes()) {
        parts.add(member.type());
      }
    }
    return String.join(SEPARATOR, parts);
  }

  /**
   * Reads what {@link #toLine} has written.
   *
   * @throws KvStoreException if it is something else
   */
  static Schema parse(String line) {
    try {
      String[] parts = line.split(SEPARATOR, -1);
      Kind kind = Kind.valueOf(parts[2].toUpperCase(Locale.ROOT));
      List<Member> members = new ArrayList<>();
      boolean typed = kind == Kind.RECORD || kind == Kind.CLASS;
      for (int i = 4; i < parts.length; i += typed ? 2 : 1) {
        members.add(new Member(parts[i], typed ? parts[i + 1] : ""));
      }
      int id = Integer.parseInt(parts[0]);
      Role role = Role.valueOf(parts[1].toUpperCase(Locale.ROOT));
      return new Schema(id, role, kind, parts[3], List.copyOf(members));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new KvStoreException("this is no schema: " + line, e);
    }
  }

  /** Returns the line that adds constants to an enum. */
  Schema more(List<Member> constants) {
    List<Member> all = new ArrayList<>();
    all.add(new Member(Integer.toString(members.size()), ""));
    all.addAll(constants);
    return new Schema(id, role, Kind.MORE, className, all);
  }

  /** Tells whether another line adds to this one. */
  boolean takes(Schema more) {
    return kind == Kind.ENUM
        && !more.members.isEmpty()
        && more.members.get(0).name().equals(Integer.toString(members.size()));
  }

  /** Returns it with the constants of another line besides. */
  Schema and(Schema more) {
    List<Member> all = new ArrayList<>(members);
    all.addAll(more.members.subList(1, more.members.size()));
    return new Schema(id, role, kind, className, List.copyOf(all));
  }
}
