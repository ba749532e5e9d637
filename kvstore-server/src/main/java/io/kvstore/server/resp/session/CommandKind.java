package io.kvstore.server.resp.session;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The command type, as reported in metrics. */
public enum CommandKind {
  READ,
  WRITE,
  /** Other commands: about the connection, the server, messages, transactions. */
  OTHER;

  /** The index in {@link #names}. */
  @SuppressWarnings("EnumOrdinal") // the index is the ordinal on purpose
  public int number() {
    return ordinal();
  }

  /** The names of the types, by number. */
  static List<String> names() {
    return Stream.of(values()).map(kind -> kind.name().toLowerCase(Locale.ROOT)).toList();
  }
}
