package io.kvstore.bench.report;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A complete plot: title, parameters, body, and notes below. Made to be read at its own width,
 * {@value #WIDTH}: that of a picture in a README.
 */
final class Picture {
  static final int WIDTH = 800;
  static final int MARGIN = 16;

  private static final int TITLE_BASE = 34;
  private static final int SUBTITLE_BASE = 57;
  private static final int SUBTITLE_STEP = 19;
  private static final int BELOW_SUBTITLE = 13;
  private static final int NOTE_STEP = 17;

  private final String name;
  private final String title;
  private final List<String> subtitle;
  private final Body body;
  private final List<String> notes = new ArrayList<>();

  /**
   * Where it stands.
   *
   * @param name what its files are called, without their endings
   * @param source of which run it is: a picture gets about without its page
   */
  record Place(String name, String source) {}

  /** What stands between title and notes, as wide as the picture. */
  interface Body {
    /** Returns how high it is. */
    int height();

    /** Draws it, from top downwards. */
    void paint(Canvas canvas, int top);

    /** Returns in words what it shows, for those who cannot see it: each subject is named. */
    List<String> inWords();

    /** Returns what has to be said to read it. */
    List<String> notes();
  }

  Picture(Place place, Question question, Map<String, String> params, Body body) {
    this.name = place.name();
    this.title = question.title();
    String words = Labels.params(params);
    this.subtitle = words.isEmpty() ? List.of() : lines(words);
    this.body = body;
    List<String> all = new ArrayList<>(body.notes());
    all.add(place.source());
    for (String note : all) {
      notes.addAll(Canvas.wrapped(note, Canvas.SMALL, WIDTH - 2.0 * MARGIN));
    }
  }

  private static List<String> lines(String words) {
    String sentence = words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    return Canvas.wrapped(sentence, Canvas.LABEL, WIDTH - 2.0 * MARGIN);
  }

  /** Returns the name of its files, without their endings. */
  String name() {
    return name;
  }

  /** Returns what it shows, in words. */
  String inWords() {
    return body.inWords().stream().collect(Collectors.joining("; ")) + ".";
  }

  String title() {
    return title;
  }

  int height() {
    return bodyTop() + body.height() + 14 + notes.size() * NOTE_STEP + 10;
  }

  void paint(Canvas canvas) {
    canvas.rectangle(new Rectangle2D.Double(0, 0, WIDTH, height()), Color.WHITE);
    canvas.text(title, MARGIN, TITLE_BASE, Canvas.Style.left(Canvas.TITLE, Canvas.TEXT));
    double subtitleBase = SUBTITLE_BASE;
    for (String line : subtitle) {
      canvas.text(line, MARGIN, subtitleBase, Canvas.Style.left(Canvas.LABEL, Canvas.QUIET));
      subtitleBase += SUBTITLE_STEP;
    }
    body.paint(canvas, bodyTop());
    double base = bodyTop() + body.height() + 14 + NOTE_STEP - 5;
    for (String note : notes) {
      canvas.text(note, MARGIN, base, Canvas.Style.left(Canvas.SMALL, Canvas.QUIET));
      base += NOTE_STEP;
    }
  }

  private int bodyTop() {
    return subtitle.isEmpty()
        ? SUBTITLE_BASE
        : SUBTITLE_BASE + (subtitle.size() - 1) * SUBTITLE_STEP + BELOW_SUBTITLE;
  }
}
