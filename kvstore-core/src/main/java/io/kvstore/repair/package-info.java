/**
 * Reads a store that nobody has open, judges it, and copies what can be saved. Uses {@code stripe}
 * and below. Start reading at {@link io.kvstore.repair.StoreInspection}.
 */
@NullMarked
package io.kvstore.repair;

import org.jspecify.annotations.NullMarked;
