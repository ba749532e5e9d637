package io.kvstore.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Builds the plots of the groups, and lists those that cannot be drawn. */
final class Plots {
  private final List<Picture> pictures = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();
  private final String source;

  private Plots(String source) {
    this.source = source;
  }

  /** Returns those of the groups, in their order. */
  static Plots of(List<Group> groups, String source) {
    Plots plots = new Plots(source);
    for (Question question : Question.drawn()) {
      List<Group> asked =
          groups.stream()
              .filter(group -> group.question().equals(question))
              .filter(group -> question.draws(group.params()))
              .toList();
      if (asked.isEmpty()) {
        plots.leftOut.add(question.title() + " Not measured.");
      } else if (question.shape() == Question.Shape.LOAD) {
        plots.addLoad(asked, groups);
      } else {
        asked.forEach(plots::add);
      }
    }
    return plots;
  }

  List<Picture> pictures() {
    return pictures;
  }

  /** Returns a sentence for each that could be drawn if there were figures. */
  List<String> leftOut() {
    return leftOut;
  }

  private void add(Group group) {
    if (!group.hasFigures()) {
      leaveOut(group);
      return;
    }
    pictures.add(new Picture(place(group.slug()), group.question(), shared(group), body(group)));
  }

  /** The params of the whole picture: with one variant only, that is shared by all too. */
  private static SortedMap<String, String> shared(Group group) {
    SortedMap<String, String> shared = new TreeMap<>(group.params());
    List<String> variants = group.variants();
    if (variants.size() == 1 && !variants.get(0).isEmpty()) {
      shared.put(group.question().across(), variants.get(0));
    }
    return shared;
  }

  private Picture.Place place(String name) {
    return new Picture.Place(name, source);
  }

  private static Picture.Body body(Group group) {
    Question.Shape shape = group.question().shape();
    if (shape == Question.Shape.LINES && LinePlot.fits(group)) {
      return LinePlot.over(group);
    }
    if (shape == Question.Shape.PERCENTILES && LinePlot.fitsPercentiles(group)) {
      return LinePlot.overPercentiles(group);
    }
    return new Bars(group);
  }

  private void addLoad(List<Group> latencies, List<Group> groups) {
    Map<SortedMap<String, String>, List<Group>> plots = new LinkedHashMap<>();
    for (Group group : latencies) {
      if (group.hasFigures()) {
        plots.computeIfAbsent(LoadPlot.shared(group), unused -> new ArrayList<>()).add(group);
      } else {
        leaveOut(group);
      }
    }
    plots.forEach(
        (params, panels) -> {
          LoadPlot body = new LoadPlot(panels, throughput(params, groups));
          String slug = Group.slug(panels.get(0).question(), params);
          pictures.add(new Picture(place(slug), panels.get(0).question(), params, body));
        });
  }

  private static @Nullable Group throughput(SortedMap<String, String> params, List<Group> groups) {
    SortedMap<String, String> asked = new TreeMap<>(params);
    // What is answered in a second is of gets and puts, however their latencies are counted.
    asked.remove("measure");
    asked.remove("kind");
    return groups.stream()
        .filter(group -> group.question().name().equals("serverThroughput"))
        .filter(group -> group.params().equals(asked))
        .findFirst()
        .orElse(null);
  }

  private void leaveOut(Group group) {
    String params = Labels.params(group.params());
    leftOut.add(
        group.question().title()
            + (params.isEmpty() ? "" : " " + params + ".")
            + " Nobody has a figure.");
  }
}
