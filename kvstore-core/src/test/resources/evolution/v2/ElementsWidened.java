package shop;

import java.util.*;

record ElementsWidened(List<Long> list, Map<String, Double> map) {}
