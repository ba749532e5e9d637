package io.kvstore.bench.report;

import java.awt.Color;
import java.util.Locale;

/**
 * The text of a picture as SVG elements, to be read, found and selected. In whatever font it is
 * shown, it stands where it belongs: the element has the place and the side, not the left edge.
 */
final class SvgText implements Ink.Letters {
  private static final String FONTS = "Helvetica, Arial, sans-serif";

  private final StringBuilder elements = new StringBuilder();

  @Override
  public void write(String text, double x, double y, Ink.Style style) {
    Color colour = style.colour();
    String anchor =
        switch (style.align()) {
          case LEFT -> "start";
          case CENTRE -> "middle";
          case RIGHT -> "end";
        };
    elements.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\"%s fill=\"#%06x\" text-anchor=\"%s\">%s</text>\n",
            x,
            y,
            style.font().getSize(),
            style.font().isBold() ? " font-weight=\"bold\"" : "",
            colour.getRGB() & 0xFFFFFF,
            anchor,
            Html.escaped(text)));
  }

  /** Returns all that was written, as one element. */
  String group() {
    return "<g font-family=\"" + FONTS + "\">\n" + elements + "</g>\n";
  }
}
