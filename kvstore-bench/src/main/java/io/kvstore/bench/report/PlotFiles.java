package io.kvstore.bench.report;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.internal.chartpart.IChart;

/** A picture as the bytes of a file. The same picture gives the same bytes, with the same fonts. */
final class PlotFiles {
  /** Pixels by which a screen of today draws one of a page's. */
  private static final int SCALE = 2;

  private static final Pattern LONG_NUMBER = Pattern.compile("(-?\\d+\\.\\d{2})\\d+");
  private static final Pattern CLIP_ID = Pattern.compile("(id=\"|url\\(#)clip");
  private static final Pattern PROLOGUE =
      Pattern.compile("^<\\?xml[^>]*>\\s*(<!DOCTYPE[^>]*>)?\\s*");
  private static final Pattern ROOT = Pattern.compile("<svg[^>]*>");

  private PlotFiles() {}

  /** Returns it as PNG, twice as wide and high as it is, sharp on a screen with small pixels. */
  static byte[] png(Picture picture) throws IOException {
    BufferedImage image =
        new BufferedImage(
            Picture.WIDTH * SCALE, picture.height() * SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.scale(SCALE, SCALE);
    picture.paint(Ink.drawing(graphics));
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  /**
   * Returns it as SVG that may also stand within a page: it says in words what it shows, its ids
   * are those of no other picture, and it shrinks with the page.
   */
  static String svg(Picture picture) throws IOException {
    SvgText text = new SvgText();
    byte[] drawn = ChartEncoder.getBytes(new Canvas(picture, text), "svg");
    String body = PROLOGUE.matcher(new String(drawn, StandardCharsets.UTF_8)).replaceFirst("");
    body = CLIP_ID.matcher(body).replaceAll("$1" + picture.name() + "-clip");
    body = LONG_NUMBER.matcher(body).replaceAll("$1");
    body = ROOT.matcher(body).replaceFirst(Matcher.quoteReplacement(root(picture)));
    return body.replace("</svg>", text.group() + "</svg>\n");
  }

  private static String root(Picture picture) {
    String title = Html.escaped(picture.title());
    return String.format(
        Locale.ROOT,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 %1$d %2$d\""
            + " width=\"%1$d\" height=\"%2$d\">\n<title>%3$s</title>\n<desc>%4$s</desc>",
        Picture.WIDTH,
        picture.height(),
        title,
        Html.escaped(picture.inWords()));
  }

  /** The picture as XChart writes one: without its text. */
  private record Canvas(Picture picture, SvgText text) implements IChart {

    @Override
    public void paint(Graphics2D graphics, int width, int height) {
      picture.paint(new Ink(graphics, text));
    }

    @Override
    public int getWidth() {
      return Picture.WIDTH;
    }

    @Override
    public int getHeight() {
      return picture.height();
    }

    @Override
    public String getTitle() {
      return picture.title();
    }
  }
}
