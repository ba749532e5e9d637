package shop;

import io.kvstore.codec.FormerName;
import java.util.*;

@FormerName("shop.ClassRenamed")
record Called(String id, List<Called> more) {}
