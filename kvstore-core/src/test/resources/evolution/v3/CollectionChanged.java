package shop;

import java.util.*;

record CollectionChanged(Collection<Integer> list) {}
