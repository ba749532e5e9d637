package shop;

import java.util.*;

record Added(long count, String id, String note, Optional<String> by, boolean paid, double sum) {}
