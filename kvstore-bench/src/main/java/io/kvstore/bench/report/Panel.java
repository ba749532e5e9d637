package io.kvstore.bench.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** The plot area between two axes, with a grid: maps values to places of the canvas. */
final class Panel {
  private static final double DOT_RADIUS = 3.5;

  private final Canvas canvas;
  private final Axis x;
  private final Axis y;
  private final Rectangle2D area;

  /** Draws the grid of the axes. */
  Panel(Canvas canvas, Axis x, Axis y, Rectangle2D area) {
    this.canvas = canvas;
    this.x = x;
    this.y = y;
    this.area = area;
    BasicStroke hairline = Canvas.stroke(1);
    for (double tick : x.ticks().keySet()) {
      line(List.of(point(tick, y.least()), point(tick, y.most())), Canvas.GRID, hairline);
    }
    for (double tick : y.ticks().keySet()) {
      line(List.of(point(x.least(), tick), point(x.most(), tick)), Canvas.GRID, hairline);
    }
  }

  /** Draws a line through these values. */
  void line(List<Point2D> values, Color colour, BasicStroke stroke) {
    canvas.polyline(values.stream().map(this::place).toList(), colour, stroke);
  }

  /** Draws a dot at each of these values. */
  void dots(List<Point2D> values, Color colour) {
    values.forEach(value -> canvas.dot(place(value), DOT_RADIUS, colour));
  }

  /** Returns where in the picture the value of the x axis lies. */
  double pictureX(double value) {
    return area.getX() + x.share(value) * area.getWidth();
  }

  /** Returns where in the picture the value of the y axis lies. */
  double pictureY(double value) {
    return area.getMaxY() - y.share(value) * area.getHeight();
  }

  static Point2D point(double x, double y) {
    return new Point2D.Double(x, y);
  }

  private Point2D place(Point2D value) {
    return point(pictureX(value.getX()), pictureY(value.getY()));
  }
}
