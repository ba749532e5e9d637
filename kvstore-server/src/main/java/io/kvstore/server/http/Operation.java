package io.kvstore.server.http;

import io.kvstore.server.http.entry.EntryRequest;
import io.kvstore.server.http.store.StoreRequest;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The request type, as reported in metrics. */
enum Operation {
  GET,
  PUT,
  POST,
  DELETE,
  LIST,
  BATCH,
  WATCH,
  /** Any other request: OPTIONS, an unknown method, or a request that could not be parsed. */
  OTHER;

  /** The index in {@link #names}. */
  @SuppressWarnings("EnumOrdinal") // the index is the ordinal on purpose
  int number() {
    return ordinal();
  }

  /** The names of the types, by number. */
  static List<String> names() {
    return Stream.of(values()).map(operation -> operation.name().toLowerCase(Locale.ROOT)).toList();
  }

  /**
   * Returns the type of a request.
   *
   * @param toStore the request, if it is one to the store as a whole
   */
  static Operation of(EntryRequest request, @Nullable StoreRequest toStore) {
    if (toStore != null) {
      return switch (toStore.route()) {
        case BATCH -> BATCH;
        case WATCH -> WATCH;
        case LISTING -> LIST;
      };
    }
    return switch (request.method()) {
      case GET, HEAD -> GET;
      case PUT -> PUT;
      case POST -> POST;
      case DELETE -> DELETE;
      case OPTIONS -> OTHER;
    };
  }
}
