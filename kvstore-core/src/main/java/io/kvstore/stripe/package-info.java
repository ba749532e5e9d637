/**
 * The parts of the maps, picked by the hash of a key: a lock and an index each, with the writes
 * that depend on what is there, batches and snapshots. Uses {@code index}, {@code log} and below;
 * knows no files. Start reading at {@link io.kvstore.stripe.Stripes} and {@link
 * io.kvstore.stripe.Stripe}.
 */
@NullMarked
package io.kvstore.stripe;

import org.jspecify.annotations.NullMarked;
