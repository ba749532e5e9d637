/**
 * The stripes, selected by the hash of a key: a lock and an index each, with conditional writes,
 * batches and snapshots. Uses {@code index}, {@code log} and below; knows no files. Start reading
 * at {@link io.kvstore.stripe.Stripes} and {@link io.kvstore.stripe.Stripe}.
 */
@NullMarked
package io.kvstore.stripe;

import org.jspecify.annotations.NullMarked;
