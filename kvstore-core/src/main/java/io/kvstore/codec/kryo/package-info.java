/**
 * The codec behind {@link io.kvstore.codec.Codecs#kryo}: objects as Kryo's serializers and ours
 * write them, by schemas that the store keeps. Not exported.
 */
@NullMarked
package io.kvstore.codec.kryo;

import org.jspecify.annotations.NullMarked;
