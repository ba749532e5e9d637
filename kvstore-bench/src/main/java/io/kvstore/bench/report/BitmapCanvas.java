package io.kvstore.bench.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** A canvas of pixels, saved as PNG. Draws text in the fonts of this machine. */
final class BitmapCanvas implements Canvas {
  /** Pixels of a screen for each of a web page, along one side: sharp on high-density screens. */
  private static final int SCALE = 2;

  private final BufferedImage image;
  private final Graphics2D graphics;

  BitmapCanvas(int width, int height) {
    image = new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
    graphics = image.createGraphics();
    graphics.scale(SCALE, SCALE);
    graphics.setRenderingHints(
        Map.of(
            RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON,
            RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON,
            RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON,
            RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE));
  }

  @Override
  public void rectangle(Rectangle2D area, Color colour) {
    graphics.setColor(colour);
    graphics.fill(area);
  }

  @Override
  public void polygon(List<Point2D> corners, Color colour) {
    Path2D path = path(corners);
    path.closePath();
    graphics.setColor(colour);
    graphics.fill(path);
  }

  @Override
  public void polyline(List<Point2D> points, Color colour, BasicStroke stroke) {
    graphics.setColor(colour);
    graphics.setStroke(stroke);
    graphics.draw(path(points));
  }

  @Override
  public void dot(Point2D centre, double radius, Color colour) {
    graphics.setColor(colour);
    graphics.fill(
        new Ellipse2D.Double(
            centre.getX() - radius, centre.getY() - radius, 2 * radius, 2 * radius));
  }

  @Override
  public void text(String text, double x, double y, Style style) {
    double left =
        switch (style.align()) {
          case LEFT -> x;
          case CENTRE -> x - Canvas.width(text, style.font()) / 2;
          case RIGHT -> x - Canvas.width(text, style.font());
        };
    graphics.setColor(style.colour());
    graphics.setFont(style.font());
    graphics.drawString(text, (float) left, (float) y);
  }

  /** Returns the picture as a PNG file; nothing may be drawn afterwards. */
  byte[] png() throws IOException {
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  private static Path2D path(List<Point2D> points) {
    Path2D path = new Path2D.Double();
    path.moveTo(points.get(0).getX(), points.get(0).getY());
    points.forEach(point -> path.lineTo(point.getX(), point.getY()));
    return path;
  }
}
