/** The JMH benchmarks, one question each; {@code mvn -pl kvstore-bench jmh run} runs them. */
@NullMarked
package io.kvstore.bench.jmh;

import org.jspecify.annotations.NullMarked;
