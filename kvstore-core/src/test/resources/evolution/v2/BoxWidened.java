package shop;

import java.util.*;

record BoxWidened(Long i, Integer c, Optional<Integer> s) {}
