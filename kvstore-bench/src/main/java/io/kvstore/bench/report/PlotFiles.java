package io.kvstore.bench.report;

import java.io.IOException;
import java.util.Locale;

/** A picture as the contents of a file: the same picture and fonts give the same bytes. */
final class PlotFiles {
  private PlotFiles() {}

  /** Returns the picture as PNG, twice as wide and high as on a page. */
  static byte[] png(Picture picture) throws IOException {
    BitmapCanvas canvas = new BitmapCanvas(Picture.WIDTH, picture.height());
    picture.paint(canvas);
    return canvas.png();
  }

  /**
   * Returns the picture as SVG, which may also be part of a page: it has a description for those
   * who cannot see it, has no ids that could clash, and shrinks with the page.
   */
  static String svg(Picture picture) {
    SvgCanvas canvas = new SvgCanvas();
    picture.paint(canvas);
    return String.format(
        Locale.ROOT,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 %1$d %2$d\""
            + " width=\"%1$d\" height=\"%2$d\">\n<title>%3$s</title>\n<desc>%4$s</desc>\n%5$s</svg>\n",
        Picture.WIDTH,
        picture.height(),
        Html.escaped(picture.title()),
        Html.escaped(picture.inWords()),
        canvas.group());
  }
}
