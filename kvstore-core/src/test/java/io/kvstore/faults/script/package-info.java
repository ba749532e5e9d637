/** What runs on the store whose steps fail: in that store's class loader. */
package io.kvstore.faults.script;
