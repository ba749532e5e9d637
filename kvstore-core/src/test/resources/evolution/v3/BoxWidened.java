package shop;

import java.util.*;

record BoxWidened(Double i, Long c, Optional<Long> s) {}
