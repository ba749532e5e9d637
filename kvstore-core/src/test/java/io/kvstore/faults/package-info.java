/**
 * An error at each step of the store: its classes, rewritten so that a test counts their steps and
 * lets one of them throw. What is in this package exists once; the store, and the scripts that run
 * on it, once more in a class loader of their own.
 */
package io.kvstore.faults;
