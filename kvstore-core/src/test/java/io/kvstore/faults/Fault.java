package io.kvstore.faults;

/**
 * An error that is to arise once.
 *
 * @param thread what the thread does: {@code caller}, or the work in the name of a store's thread
 * @param step the number of the step
 * @param occurrence when such a thread takes the step for the so manieth time, from 1
 */
record Fault(String thread, int step, int occurrence, Injected error) {}
