/**
 * The platform layer, which every other package may use: files as a {@link
 * io.kvstore.platform.Storage}, mappings, threads, locks, events, checksums. Uses the JDK, and of
 * the API only exceptions and {@link io.kvstore.StoreListener}. Start reading at {@link
 * io.kvstore.platform.Storage} and {@link io.kvstore.platform.StoreWorker}.
 */
@NullMarked
package io.kvstore.platform;

import org.jspecify.annotations.NullMarked;
