package shop;

record RenamedInSilence(String second) {}
