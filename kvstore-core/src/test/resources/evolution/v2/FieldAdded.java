package shop;

import java.util.*;

class FieldAdded extends Above {
  private List<String> tags = new ArrayList<>();
  private String id = "";
  private transient int hash;

  @Override
  public String toString() {
    return id + number + tags;
  }
}

class Above {
  long number;
}
