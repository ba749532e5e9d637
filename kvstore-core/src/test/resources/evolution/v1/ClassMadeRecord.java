package shop;

class ClassMadeRecord {
  private String id = "";
  private int count;

  static Object sample() {
    ClassMadeRecord made = new ClassMadeRecord();
    made.id = "a";
    made.count = 3;
    return made;
  }

  @Override
  public String toString() {
    return id + count;
  }
}
