package io.kvstore.server.http.entry;

import io.kvstore.server.auth.Admission;
import io.kvstore.server.auth.Grant;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.Status;
import org.jspecify.annotations.Nullable;

/**
 * The access that a request needs, checked against the rights that its client has now: a request
 * may last, while its body arrives or its response is streamed, and a token may be removed or
 * restricted meanwhile. Safe for use by any thread.
 */
public final class RequestAccess {
  private final Admission client;

  /** Null for a batch, whose keys are checked one by one. */
  private final byte @Nullable [] key;

  private final boolean writes;

  private RequestAccess(Admission client, byte @Nullable [] key, boolean writes) {
    this.client = client;
    this.key = key;
    this.writes = writes;
  }

  /**
   * Returns the access to a key.
   *
   * @param key the key, or the prefix of all keys that are read
   * @param writes whether the request is a change
   */
  public static RequestAccess toKey(Admission client, byte[] key, boolean writes) {
    return new RequestAccess(client, key, writes);
  }

  /** Returns the access of a batch, which is a change of keys that are not known yet. */
  public static RequestAccess toBatch(Admission client) {
    return new RequestAccess(client, null, true);
  }

  /**
   * Requires the access.
   *
   * @throws HttpException if the client has no valid token any more, or one without the rights
   */
  public void require() {
    Grant grant = client.grant();
    if (grant == null) {
      throw unauthenticated();
    }
    if (writes && !grant.mayWrite()) {
      throw HttpException.of(Status.FORBIDDEN, "This token is for reading only.");
    }
    if (key != null && !grant.covers(key)) {
      throw HttpException.of(Status.FORBIDDEN, "This token is for other keys.");
    }
  }

  /** Whether the client has the access. */
  public boolean isAllowed() {
    Grant grant = client.grant();
    return grant != null && (grant.mayWrite() || !writes) && (key == null || grant.covers(key));
  }

  /** Whether the client may use another key. */
  public boolean covers(byte[] other) {
    Grant grant = client.grant();
    return grant != null && grant.covers(other);
  }

  /** Returns the error for a client without a valid token. */
  public static HttpException unauthenticated() {
    return HttpException.of(
        Status.UNAUTHORIZED, "A token is required: 'Authorization: Bearer ...' with a valid one.");
  }
}
