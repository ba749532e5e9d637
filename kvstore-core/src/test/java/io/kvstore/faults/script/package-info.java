/** The scripts that run on the store whose steps fail, in the class loader of that store. */
package io.kvstore.faults.script;
