package io.kvstore.server.http.entry;

import io.kvstore.KvStore;
import io.kvstore.ValueView;
import io.kvstore.server.http.message.ByteRange;
import io.kvstore.server.http.message.ConnectionOption;
import io.kvstore.server.http.message.EntityTag;
import io.kvstore.server.http.message.FastPathRequest;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.Method;
import io.kvstore.server.http.message.Preconditions;
import io.kvstore.server.http.message.Status;
import io.kvstore.server.http.response.Compression;
import io.kvstore.server.http.response.ResponseWriter;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** The reads of an entry: GET and HEAD, with conditions and ranges, and OPTIONS. */
public final class EntryReads {
  private final KvStore<byte[], byte[]> store;

  public EntryReads(KvStore<byte[], byte[]> store) {
    this.store = store;
  }

  /**
   * Answers a GET, HEAD or OPTIONS.
   *
   * @throws HttpException if there is no value, or a precondition does not hold
   */
  public void read(EntryRequest request, ConnectionOption option, ResponseWriter out) {
    if (request.method() == Method.OPTIONS) {
      out.methods(option);
      return;
    }
    boolean headOnly = request.method() == Method.HEAD;
    @Nullable ValueView view = store.view(request.key());
    if (view != null) {
      if (request.isBare() && view.label() == null) {
        out.value(view, headOnly, option);
      } else {
        select(request, view, option, out);
      }
    } else if (request.key().length == 0) {
      out.text(Status.NOT_FOUND, LandingPage.text(out.localPort()), headOnly, option);
    } else {
      throw HttpException.of(Status.NOT_FOUND, "There is no value under this key.");
    }
  }

  /** Returns the value for a fast-path GET, or null if it has to be decoded. */
  public @Nullable ValueView fastPath(FastPathRequest request) {
    @Nullable ValueView view = store.view(request.key());
    return view != null && view.label() != null && request.takesCodings() ? null : view;
  }

  /** Evaluates preconditions and Range in the order of RFC 9110, §13.2.2. */
  private void select(
      EntryRequest request, ValueView view, ConnectionOption option, ResponseWriter out) {
    HttpHeaders headers = request.headers();
    Preconditions preconditions = Preconditions.ofRead(headers).in(store);
    preconditions.checkMatch(view.version());
    boolean compressible = Compression.suits(view) && Compression.isWanted(headers);
    @Nullable EntityTag known = preconditions.known(view.version(), compressible);
    if (known != null) {
      out.notModified(view, known, option);
      return;
    }
    boolean headOnly = request.method() == Method.HEAD;
    @Nullable ByteRange range = headOnly ? null : ByteRange.of(headers, view, store);
    byte @Nullable [] gzip = range == null && compressible ? Compression.gzip(view.bytes()) : null;
    if (range != null) {
      out.part(view, range, option);
    } else if (gzip != null) {
      out.compressed(view, gzip, headOnly, option);
    } else {
      out.value(view, headOnly, option);
    }
  }
}
