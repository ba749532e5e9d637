package io.kvstore.bench.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.util.ArrayList;
import java.util.List;

/** Draws what stands round the axes, and measures text for it. */
final class Ink {
  static final Color TEXT = new Color(0x222222);
  static final Color QUIET = new Color(0x5F6368);
  static final Color GRID = new Color(0xE1E3E6);

  static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 19);
  static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
  static final Font STRONG = new Font(Font.SANS_SERIF, Font.BOLD, 14);
  static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

  private static final FontRenderContext METRICS = new FontRenderContext(null, true, true);

  private final Graphics2D graphics;
  private final Letters letters;

  /** Draws there, and text by these letters. */
  Ink(Graphics2D graphics, Letters letters) {
    this.graphics = graphics;
    this.letters = letters;
  }

  /** Draws all there, text too. */
  static Ink drawing(Graphics2D graphics) {
    return new Ink(
        graphics,
        (text, x, y, style) ->
            draw(graphics, text, new Point2D.Double(left(text, x, style), y), style));
  }

  /** How text gets into the picture. */
  interface Letters {
    /** Writes the text, which is not blank, with its base line at y. */
    void write(String text, double x, double y, Style style);
  }

  /** Where a text stands relative to its place. */
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

  /** Writes the text with its base line at y. */
  void text(String text, double x, double y, Style style) {
    if (!text.isBlank()) {
      letters.write(text, x, y, style);
    }
  }

  void fill(Shape area, Color colour) {
    graphics.setColor(colour);
    graphics.fill(area);
  }

  void line(Line2D line, Color colour, float width) {
    graphics.setColor(colour);
    graphics.setStroke(new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
    graphics.draw(line);
  }

  Graphics2D graphics() {
    return graphics;
  }

  private static void draw(Graphics2D graphics, String text, Point2D place, Style style) {
    graphics.setColor(style.colour());
    graphics.setFont(style.font());
    graphics.drawString(text, (float) place.getX(), (float) place.getY());
  }

  private static double left(String text, double x, Style style) {
    return switch (style.align()) {
      case LEFT -> x;
      case CENTRE -> x - width(text, style.font()) / 2;
      case RIGHT -> x - width(text, style.font());
    };
  }

  static double width(String text, Font font) {
    return font.getStringBounds(text, METRICS).getWidth();
  }

  /** Returns the text, or its beginning with an ellipsis where it is wider than there is room. */
  static String fitted(String text, Font font, double room) {
    String fitted = text;
    int length = text.length();
    while (length > 1 && width(fitted, font) > room) {
      length--;
      fitted = text.substring(0, length).stripTrailing() + "…";
    }
    return fitted;
  }

  /** Returns the text in lines that are no wider than there is room, broken at blanks. */
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
