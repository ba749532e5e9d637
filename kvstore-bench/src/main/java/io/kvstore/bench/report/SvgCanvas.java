package io.kvstore.bench.report;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A canvas that writes SVG elements. Text stays text, which can be read, found and selected; it is
 * placed by its anchor, so that it stands in the right place in any font.
 */
final class SvgCanvas implements Canvas {
  private static final String FONTS = "Helvetica, Arial, sans-serif";

  private final StringBuilder elements = new StringBuilder();

  @Override
  public void rectangle(Rectangle2D area, Color colour) {
    element(
        "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"%s\"/>",
        area.getX(), area.getY(), area.getWidth(), area.getHeight(), hex(colour));
  }

  @Override
  public void polygon(List<Point2D> corners, Color colour) {
    element("<polygon points=\"%s\" fill=\"%s\"/>", points(corners), hex(colour));
  }

  @Override
  public void polyline(List<Point2D> points, Color colour, BasicStroke stroke) {
    element(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\""
            + " stroke-linejoin=\"round\"%s/>",
        points(points), hex(colour), stroke.getLineWidth(), dashes(stroke.getDashArray()));
  }

  @Override
  public void dot(Point2D centre, double radius, Color colour) {
    element(
        "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"%.1f\" fill=\"%s\"/>",
        centre.getX(), centre.getY(), radius, hex(colour));
  }

  @Override
  public void text(String text, double x, double y, Style style) {
    if (text.isBlank()) {
      return;
    }
    String anchor =
        switch (style.align()) {
          case LEFT -> "start";
          case CENTRE -> "middle";
          case RIGHT -> "end";
        };
    element(
        "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\"%s fill=\"%s\" text-anchor=\"%s\">%s</text>",
        x,
        y,
        style.font().getSize(),
        style.font().isBold() ? " font-weight=\"bold\"" : "",
        hex(style.colour()),
        anchor,
        Html.escaped(text));
  }

  /** Returns everything drawn, as one element. */
  String group() {
    return "<g font-family=\"" + FONTS + "\">\n" + elements + "</g>\n";
  }

  @FormatMethod
  private void element(@FormatString String format, Object... values) {
    elements.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String points(List<Point2D> points) {
    return points.stream()
        .map(point -> String.format(Locale.ROOT, "%.2f,%.2f", point.getX(), point.getY()))
        .collect(Collectors.joining(" "));
  }

  private static String dashes(float @Nullable [] dashes) {
    return dashes == null
        ? ""
        : String.format(Locale.ROOT, " stroke-dasharray=\"%.0f %.0f\"", dashes[0], dashes[1]);
  }

  private static String hex(Color colour) {
    return String.format(Locale.ROOT, "#%06x", colour.getRGB() & 0xFFFFFF);
  }
}
