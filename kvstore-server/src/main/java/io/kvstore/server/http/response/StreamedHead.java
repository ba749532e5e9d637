package io.kvstore.server.http.response;

import io.kvstore.server.http.message.ConnectionOption;

/**
 * The parameters of the header section of a streamed response.
 *
 * @param option whether the connection is kept; it ends with the response unless that is chunked
 * @param chunked whether the client supports chunks
 */
public record StreamedHead(ConnectionOption option, boolean chunked, boolean headOnly) {}
