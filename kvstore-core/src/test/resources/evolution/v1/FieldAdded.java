package shop;

class FieldAdded extends Above {
  private String id = "";

  static Object sample() {
    FieldAdded made = new FieldAdded();
    made.id = "a";
    made.number = 3;
    return made;
  }
}

class Above {
  int number;
}
