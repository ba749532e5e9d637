package shop;

import java.util.*;

record CollectionChanged(Set<Integer> list) {}
