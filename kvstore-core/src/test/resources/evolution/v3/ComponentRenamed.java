package shop;

import io.kvstore.codec.FormerName;

record ComponentRenamed(@FormerName({"first", "second"}) String third) {}
