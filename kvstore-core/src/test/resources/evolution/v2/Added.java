package shop;

import java.util.*;

record Added(int count, String id, String note, Optional<String> by, boolean paid) {}
