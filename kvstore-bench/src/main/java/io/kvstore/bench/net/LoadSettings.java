package io.kvstore.bench.net;

import java.net.InetSocketAddress;
import java.util.function.Supplier;

/**
 * Settings of a run that do not depend on the rate.
 *
 * @param protocol makes the protocol of one thread
 * @param pipeline maximum number of operations in flight on a connection
 * @param keyPrefix what all keys start with
 */
record LoadSettings(
    InetSocketAddress server,
    Supplier<Protocol> protocol,
    int connections,
    int threads,
    int pipeline,
    String keyPrefix,
    int keys,
    boolean zipf,
    ValueSize valueSize,
    double readShare,
    long seed) {}
