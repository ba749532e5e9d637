package io.kvstore.bench.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** A drawing surface: a few shapes and text, as SVG or as pixels. */
interface Canvas {
  Color TEXT = new Color(0x222222);
  Color QUIET = new Color(0x5F6368);
  Color GRID = new Color(0xE1E3E6);

  Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 19);
  Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
  Font STRONG = new Font(Font.SANS_SERIF, Font.BOLD, 14);
  Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

  FontRenderContext METRICS = new FontRenderContext(null, true, true);

  void rectangle(Rectangle2D area, Color colour);

  /** Fills the area within these corners. */
  void polygon(List<Point2D> corners, Color colour);

  /** Draws a line through these points. */
  void polyline(List<Point2D> points, Color colour, BasicStroke stroke);

  /** Draws a circle, filled. */
  void dot(Point2D centre, double radius, Color colour);

  /** Writes the text with its base line at y; does nothing for blank text. */
  void text(String text, double x, double y, Style style);

  /** On which side of a text its x is. */
  enum Align {
    LEFT,
    CENTRE,
    RIGHT
  }

  /** How a text looks. */
  record Style(Font font, Color colour, Align align) {
    static Style left(Font font, Color colour) {
      return new Style(font, colour, Align.LEFT);
    }

    static Style centre(Font font, Color colour) {
      return new Style(font, colour, Align.CENTRE);
    }

    static Style right(Font font, Color colour) {
      return new Style(font, colour, Align.RIGHT);
    }
  }

  /** Returns a line with square ends, which reaches no further than its points. */
  static BasicStroke stroke(double width) {
    return new BasicStroke((float) width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND);
  }

  static double width(String text, Font font) {
    return font.getStringBounds(text, METRICS).getWidth();
  }

  /** Returns the text, cut and with an ellipsis if it is wider than the room. */
  static String fitted(String text, Font font, double room) {
    String fitted = text;
    int length = text.length();
    while (length > 1 && width(fitted, font) > room) {
      length--;
      fitted = text.substring(0, length).stripTrailing() + "…";
    }
    return fitted;
  }

  /** Returns the text in lines no wider than the room, broken at blanks. */
  static List<String> wrapped(String text, Font font, double room) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (line.length() > 0 && width(line + " " + word, font) > room) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
