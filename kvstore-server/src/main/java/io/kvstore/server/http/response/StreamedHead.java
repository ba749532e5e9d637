package io.kvstore.server.http.response;

import io.kvstore.server.http.message.ConnectionOption;

/**
 * What the head of an answer of unknown length depends on.
 *
 * @param option whether the connection is kept; it ends with the answer unless that is chunked
 * @param chunked whether the client knows chunks
 */
public record StreamedHead(ConnectionOption option, boolean chunked, boolean headOnly) {}
