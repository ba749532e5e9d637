package shop;

import java.util.*;

record Changed(Optional<String> count) {}
