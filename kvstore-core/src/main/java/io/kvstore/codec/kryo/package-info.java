/**
 * The implementation of {@link io.kvstore.codec.Codecs#kryo}: objects are written by serializers of
 * Kryo and of this package, with schemas that the store keeps. Not exported.
 */
@NullMarked
package io.kvstore.codec.kryo;

import org.jspecify.annotations.NullMarked;
