/**
 * Who has a store's directory, and whether it is still the same. Uses {@code platform}. Start
 * reading at {@link io.kvstore.ownership.Ownership}.
 */
@NullMarked
package io.kvstore.ownership;

import org.jspecify.annotations.NullMarked;
