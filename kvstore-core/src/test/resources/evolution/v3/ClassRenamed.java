package shop;

import io.kvstore.codec.FormerName;
import java.util.*;

@FormerName({"shop.ClassRenamed", "shop.Called"})
record CalledAgain(String id, List<CalledAgain> more) {}
