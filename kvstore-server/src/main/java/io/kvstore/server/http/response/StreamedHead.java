package io.kvstore.server.http.response;

import io.kvstore.server.http.message.ConnectionOption;

/**
 * The parameters of the head of a streamed response.
 *
 * @param option whether the connection is kept; it ends with the answer unless that is chunked
 * @param chunked whether the client knows chunks
 */
public record StreamedHead(ConnectionOption option, boolean chunked, boolean headOnly) {}
