package io.kvstore.faults;

/**
 * An error to be injected once.
 *
 * @param thread the role of the thread: {@code caller}, or the work in the name of a store's thread
 * @param step the number of the step
 * @param occurrence the occurrence of the step in such a thread, from 1
 */
record Fault(String thread, int step, int occurrence, Injected error) {}
