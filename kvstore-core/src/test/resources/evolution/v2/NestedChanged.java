package shop;

import java.util.*;

record NestedChanged(List<Item> items) {}

record Item(long count, String unit, String name) {}
