package io.kvstore.codec.kryo;

import io.kvstore.KvStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A schema: the description of a class when values of it were written. Stored as a line of fields
 * separated by tabs.
 *
 * @param id the tag in front of each object
 * @param className the name in the form of {@link Class#getName()}
 * @param members components or fields, in the order in which they are written; constants of an
 *     enum, whose index is written
 */
record Schema(int id, Role role, Kind kind, String className, List<Member> members) {
  private static final String SEPARATOR = "\t";

  /** The kind of the class. */
  enum Kind {
    RECORD,
    CLASS,
    ENUM,
    /** An interface or an abstract class, as the element type of an array. */
    TYPE,
    /**
     * Not a schema of its own, but further constants of the enum with the same id. The first member
     * is not a constant, but the number of constants before.
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
   * Parses the result of {@link #toLine}.
   *
   * @throws KvStoreException if the line is not a schema
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
      throw new KvStoreException("this is not a schema: " + line, e);
    }
  }

  /** Returns the line that adds constants to an enum. */
  Schema extension(List<Member> constants) {
    List<Member> all = new ArrayList<>();
    all.add(new Member(Integer.toString(members.size()), ""));
    all.addAll(constants);
    return new Schema(id, role, Kind.MORE, className, all);
  }

  /** Returns whether another line adds constants to this schema. */
  boolean isExtendedBy(Schema extension) {
    return kind == Kind.ENUM
        && !extension.members.isEmpty()
        && extension.members.get(0).name().equals(Integer.toString(members.size()));
  }

  /** Returns this schema with the additional constants of another line. */
  Schema extendedBy(Schema extension) {
    List<Member> all = new ArrayList<>(members);
    all.addAll(extension.members.subList(1, extension.members.size()));
    return new Schema(id, role, kind, className, List.copyOf(all));
  }
}
