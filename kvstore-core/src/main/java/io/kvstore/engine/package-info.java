/**
 * The store that callers hold: opening, closing, codecs, watches and iterators over the stripes.
 * Uses all other packages. Start reading at {@link io.kvstore.engine.StripedKvStore}, and for
 * opening at {@link io.kvstore.engine.StoreOpening}.
 */
@NullMarked
package io.kvstore.engine;

import org.jspecify.annotations.NullMarked;
