package io.kvstore.server.http.response;

import io.kvstore.server.http.message.Persistence;

/**
 * What the head of an answer of unknown length depends on.
 *
 * @param persistence what becomes of the connection; it ends with the answer unless that is chunked
 * @param chunked whether the client knows chunks
 */
public record StreamedHead(Persistence persistence, boolean chunked, boolean headOnly) {}
