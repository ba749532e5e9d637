/**
 * Requests for the store as a whole: listings, batches and the change feed.
 *
 * <p>May use {@code http.entry} and the packages below it, {@code auth} and {@code json}. Start at
 * {@link StoreRoute}, then {@link StoreRoutes}.
 */
@NullMarked
package io.kvstore.server.http.store;

import org.jspecify.annotations.NullMarked;
