/**
 * The records: the bytes of one put, delete, sync marker or seal. Uses {@code platform}. Start
 * reading at {@link io.kvstore.record.RecordFormat}, which draws them.
 */
@NullMarked
package io.kvstore.record;

import org.jspecify.annotations.NullMarked;
