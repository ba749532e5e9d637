package shop;

import java.util.*;

record MadeGeneral(Number i, List<String> list, Figure circle) {}

sealed interface Figure permits Circle {}

record Circle(int radius) implements Figure {}
