package shop;

import io.kvstore.codec.FormerName;

record ComponentRenamed(@FormerName("first") String second) {}
