package shop;

import java.util.*;

record ElementsChanged(List<String> list) {}
