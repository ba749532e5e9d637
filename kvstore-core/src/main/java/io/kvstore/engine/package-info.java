/**
 * The store that callers see: opening, closing, codecs, views and iterators over the stripes. Uses
 * all other packages. Start reading at {@link io.kvstore.engine.StoreOpening}, then {@link
 * io.kvstore.engine.StripedKvStore}.
 */
@NullMarked
package io.kvstore.engine;

import org.jspecify.annotations.NullMarked;
