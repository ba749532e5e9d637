package io.kvstore.bench.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * A line chart that labels each curve at its end, in its colour, instead of in a legend. The thin
 * upright lines are the spreads.
 */
final class Lines {
  private static final int ABOVE = 24;
  private static final int BELOW = 50;
  private static final int LABEL_STEP = 18;
  private static final int LEADER = 26;

  private final Scale x;
  private final Scale y;
  private final List<Curve> curves;
  private final List<String> subjects;
  private final boolean named;

  /**
   * Takes what is drawn.
   *
   * @param subjects all who have their colours here, or in another panel of the same picture
   * @param named whether the names stand at the ends of the curves; else see {@link #paintLegend}
   */
  Lines(Scale x, Scale y, List<Curve> curves, List<String> subjects, boolean named) {
    this.x = x;
    this.y = y;
    this.curves = curves;
    this.subjects = subjects;
    this.named = named;
  }

  /** An axis, and what its values are; nothing to leave that unsaid. */
  record Scale(Axis axis, String name) {}

  /** Draws all within this height. */
  void paint(Canvas canvas, int top, int height) {
    double names = named ? widest(subjects, Canvas.STRONG) + LEADER : 0;
    int left = (int) (Picture.MARGIN + widest(y.axis().ticks().values(), Canvas.SMALL) + 10);
    int right = (int) (Picture.WIDTH - Picture.MARGIN - names);
    Rectangle2D area =
        new Rectangle2D.Double(left, top + ABOVE, right - left, height - ABOVE - BELOW);
    Panel panel = new Panel(canvas, x.axis(), y.axis(), area);
    // Ours last, on top of the others.
    curves.stream()
        .sorted(Comparator.comparing(curve -> Subjects.isOurs(curve.subject())))
        .forEach(curve -> addCurve(panel, curve));
    canvas.text(
        y.name() + (y.axis().powers() ? " (log)" : ""),
        Picture.MARGIN,
        top + 12,
        Canvas.Style.left(Canvas.LABEL, Canvas.QUIET));
    y.axis()
        .ticks()
        .forEach(
            (value, text) ->
                canvas.text(
                    text,
                    left - 6,
                    panel.pictureY(value) + 4,
                    Canvas.Style.right(Canvas.SMALL, Canvas.QUIET)));
    x.axis()
        .ticks()
        .forEach(
            (value, text) ->
                canvas.text(
                    text,
                    panel.pictureX(value),
                    area.getMaxY() + 18,
                    Canvas.Style.centre(Canvas.SMALL, Canvas.QUIET)));
    canvas.text(
        x.name(),
        area.getCenterX(),
        area.getMaxY() + 40,
        Canvas.Style.centre(Canvas.LABEL, Canvas.QUIET));
    if (named) {
      paintNames(canvas, panel, area);
    }
  }

  /** Draws a row of the names, each behind a piece of its line. */
  void paintLegend(Canvas canvas, int base) {
    double left = Picture.MARGIN;
    for (String subject : subjects) {
      canvas.polyline(
          List.of(Panel.point(left, base - 5), Panel.point(left + 26, base - 5)),
          colour(subject),
          Subjects.stroke(subject, subjects));
      Font font = font(subject);
      canvas.text(subject, left + 32, base, Canvas.Style.left(font, readable(colour(subject))));
      left += 32 + Canvas.width(subject, font) + 24;
    }
  }

  private void addCurve(Panel panel, Curve curve) {
    Color colour = colour(curve.subject());
    List<Point2D> medians = new ArrayList<>();
    for (Curve.Point point : curve.points()) {
      medians.add(Panel.point(point.x(), point.y().median()));
      panel.line(
          List.of(
              Panel.point(point.x(), point.y().least()), Panel.point(point.x(), point.y().most())),
          colour,
          Canvas.stroke(1.2));
    }
    panel.line(medians, colour, Subjects.stroke(curve.subject(), subjects));
    panel.dots(medians, colour);
  }

  /** Each name as near to the end of its curve as the others let it. */
  private void paintNames(Canvas canvas, Panel panel, Rectangle2D area) {
    List<Curve> sorted = new ArrayList<>(curves);
    sorted.sort(Comparator.comparingDouble(curve -> end(panel, curve).getY()));
    double[] bases = new double[sorted.size()];
    for (int i = 0; i < bases.length; i++) {
      bases[i] = end(panel, sorted.get(i)).getY();
    }
    spread(bases, area.getMinY() + 4, area.getMaxY() - 4);
    for (int i = 0; i < bases.length; i++) {
      Curve curve = sorted.get(i);
      Point2D end = end(panel, curve);
      double nameLeft = area.getMaxX() + LEADER - 4;
      Color colour = colour(curve.subject());
      canvas.polyline(
          List.of(Panel.point(end.getX() + 5, end.getY()), Panel.point(nameLeft - 4, bases[i])),
          colour,
          Canvas.stroke(0.8));
      Font font = font(curve.subject());
      canvas.text(
          curve.subject(), nameLeft, bases[i] + 5, Canvas.Style.left(font, readable(colour)));
    }
  }

  /**
   * Moves the places, which are in order, apart to a line's height: first all down as far as
   * needed, then those that left the area up again.
   */
  static void spread(double[] places, double top, double bottom) {
    for (int i = 0; i < places.length; i++) {
      double least = i == 0 ? top : places[i - 1] + LABEL_STEP;
      places[i] = Math.max(places[i], least);
    }
    for (int i = places.length - 1; i >= 0; i--) {
      double most = i == places.length - 1 ? bottom : places[i + 1] - LABEL_STEP;
      places[i] = Math.min(places[i], most);
    }
  }

  private static Point2D end(Panel panel, Curve curve) {
    Curve.Point last = curve.points().get(curve.points().size() - 1);
    return Panel.point(panel.pictureX(last.x()), panel.pictureY(last.y().median()));
  }

  private static double widest(Collection<String> texts, Font font) {
    return texts.stream().mapToDouble(text -> Canvas.width(text, font)).max().orElse(0);
  }

  private static Font font(String subject) {
    return Subjects.isOurs(subject) ? Canvas.STRONG : Canvas.LABEL;
  }

  private Color colour(String subject) {
    return Subjects.colour(subject, subjects);
  }

  /** The light colours are good for lines, but too light for letters on white. */
  private static Color readable(Color colour) {
    int light = colour.getRed() * 3 + colour.getGreen() * 6 + colour.getBlue();
    return light > 1400 ? colour.darker() : colour;
  }
}
