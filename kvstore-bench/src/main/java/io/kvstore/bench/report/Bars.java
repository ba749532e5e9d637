package io.kvstore.bench.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A bar chart: a bar for each subject and variant, the best subject first, with an error bar from
 * the least to the most of the rounds, and the figure beside it. Only our bars are coloured, the
 * others are grey: the names stand beside the bars.
 */
final class Bars implements Picture.Body {
  private static final Color OTHERS = new Color(0x747D8C);
  private static final double LIGHTEST = 0.55;
  private static final int BAR = 17;
  private static final int BETWEEN_BARS = 3;
  private static final int BETWEEN_SUBJECTS = 12;
  private static final int BELOW = 46;
  private static final int LEGEND = 26;
  private static final int GAP = 8;

  /** Beyond so many times the median, what is only bad would make all others too small to see. */
  private static final double CUT = 12;

  /** What is cut still reaches clearly beyond all others. */
  private static final double CUT_ROOM = 1.6;

  private final Group group;
  private final List<String> variants;
  private final List<String> subjects;
  private final List<Bar> bars = new ArrayList<>();
  private final double limit;
  private final Axis x;

  Bars(Group group) {
    this.group = group;
    this.variants = group.variants();
    this.subjects = Ranking.of(group);
    double middle = (BETWEEN_SUBJECTS + BAR) / 2.0;
    for (String subject : subjects) {
      List<String> shown = group.hasFigures(subject) ? variants : variants.subList(0, 1);
      for (String variant : shown) {
        bars.add(bar(subject, variant, middle));
        middle += BAR + BETWEEN_BARS;
      }
      middle += BETWEEN_SUBJECTS - BETWEEN_BARS;
    }
    this.limit = group.moreIsBetter() ? Double.MAX_VALUE : limit();
    double longest = 0;
    for (Bar bar : bars) {
      Spread spread = bar.spread();
      if (spread != null && spread.median() <= limit) {
        longest = Math.max(longest, spread.most());
      }
    }
    this.x = Axis.fromZero(isCut() ? longest * CUT_ROOM : longest, group.unit());
  }

  @Override
  public int height() {
    return legendHeight() + rowsHeight() + BELOW;
  }

  @Override
  public void paint(Canvas canvas, int top) {
    if (variants.size() > 1) {
      paintLegend(canvas, top);
    }
    int left = (int) (Picture.MARGIN + namesWidth() + GAP);
    int right = (int) (Picture.WIDTH - Picture.MARGIN - labelsWidth() - GAP);
    int rowsTop = top + legendHeight();
    Rectangle2D area = new Rectangle2D.Double(left, rowsTop, right - left, rowsHeight());
    Panel panel = new Panel(canvas, x, new Axis(0, rowsHeight(), false, Map.of()), area);
    for (Bar bar : bars) {
      addBar(panel, bar);
    }
    x.ticks()
        .forEach(
            (value, text) ->
                canvas.text(
                    text,
                    panel.pictureX(value),
                    area.getMaxY() + 17,
                    Canvas.Style.centre(Canvas.SMALL, Canvas.QUIET)));
    canvas.text(
        group.question().axis(),
        area.getCenterX(),
        area.getMaxY() + 38,
        Canvas.Style.centre(Canvas.LABEL, Canvas.QUIET));
    paintNames(canvas, rowsTop);
    for (Bar bar : bars) {
      paintLabel(canvas, panel, bar, rowsTop);
    }
  }

  @Override
  public List<String> inWords() {
    return Captions.figures(group, subjects);
  }

  @Override
  public List<String> notes() {
    return List.of(
        Captions.bars(group) + (isCut() ? " A bar with a point goes on beyond the plot." : ""));
  }

  private Bar bar(String subject, String variant, double middle) {
    int place = variants.indexOf(variant);
    double light = LIGHTEST * (variants.size() - 1 - place) / Math.max(1, variants.size() - 1);
    Color colour = lighter(Subjects.isOurs(subject) ? Subjects.OURS : OTHERS, light);
    Spread spread = group.spread(subject, variant);
    Spread ratio = Subjects.isOurs(subject) ? null : group.ratio(subject, variant);
    Result result = group.result(subject, variant);
    String words = "not measured";
    if (!group.hasFigures(subject)) {
      words = String.join("; ", group.failures(subject));
    } else if (result != null) {
      words = String.join("; ", result.failures());
    }
    return new Bar(middle, colour, spread, ratio, spread == null ? words : "");
  }

  private void addBar(Panel panel, Bar bar) {
    Spread spread = bar.spread();
    if (spread == null) {
      return;
    }
    double y = rowsHeight() - bar.middle();
    double length = Math.min(spread.median(), x.most());
    panel.line(
        List.of(Panel.point(0, y), Panel.point(length, y)), bar.colour(), Canvas.stroke(BAR));
    if (spread.rounds() > 1 && spread.median() <= limit) {
      BasicStroke thin = Canvas.stroke(1.6);
      panel.line(
          List.of(Panel.point(spread.least(), y), Panel.point(spread.most(), y)),
          Canvas.TEXT,
          thin);
      for (double value : new double[] {spread.least(), spread.most()}) {
        panel.line(
            List.of(Panel.point(value, y - 4), Panel.point(value, y + 4)), Canvas.TEXT, thin);
      }
    }
  }

  private void paintNames(Canvas canvas, int top) {
    double middle = (BETWEEN_SUBJECTS + BAR) / 2.0;
    for (String subject : subjects) {
      int rows = group.hasFigures(subject) ? variants.size() : 1;
      double last = middle + (rows - 1) * (BAR + BETWEEN_BARS);
      canvas.text(
          subject,
          Picture.MARGIN + namesWidth(),
          top + (middle + last) / 2 + 5,
          Canvas.Style.right(nameFont(subject), Canvas.TEXT));
      middle = last + BAR + BETWEEN_SUBJECTS;
    }
  }

  private void paintLabel(Canvas canvas, Panel panel, Bar bar, int top) {
    double base = top + bar.middle() + 5;
    Spread spread = bar.spread();
    if (spread == null) {
      double left = panel.pictureX(0) + 6;
      double room = Picture.WIDTH - Picture.MARGIN - left;
      canvas.text(
          Canvas.fitted(bar.words(), Canvas.LABEL, room),
          left,
          base,
          Canvas.Style.left(Canvas.LABEL, Canvas.QUIET));
      return;
    }
    double edge = panel.pictureX(x.most());
    double left =
        Math.min(panel.pictureX(spread.rounds() > 1 ? spread.most() : spread.median()), edge);
    if (spread.median() > limit) {
      double middle = top + bar.middle();
      canvas.polygon(
          List.of(
              Panel.point(edge - 0.5, middle - BAR / 2.0),
              Panel.point(edge + 8, middle),
              Panel.point(edge - 0.5, middle + BAR / 2.0)),
          bar.colour());
      left = edge + 5;
    }
    String figure = Labels.figure(spread.median(), group.unit());
    canvas.text(figure, left + 6, base, Canvas.Style.left(Canvas.LABEL, Canvas.TEXT));
    canvas.text(
        ratio(bar),
        left + 6 + Canvas.width(figure, Canvas.LABEL) + GAP,
        base,
        Canvas.Style.left(Canvas.LABEL, Canvas.QUIET));
  }

  private void paintLegend(Canvas canvas, int top) {
    double left = Picture.MARGIN;
    for (int i = 0; i < variants.size(); i++) {
      double light = LIGHTEST * (variants.size() - 1 - i) / (variants.size() - 1);
      canvas.rectangle(new Rectangle2D.Double(left, top - 1, 14, 12), lighter(OTHERS, light));
      String words = Labels.param(group.question().across(), variants.get(i));
      canvas.text(words, left + 20, top + 10, Canvas.Style.left(Canvas.LABEL, Canvas.TEXT));
      left += 20 + Canvas.width(words, Canvas.LABEL) + 24;
    }
  }

  /** Ours is never cut: where we lose, it has to be seen. */
  private double limit() {
    List<Double> medians = new ArrayList<>();
    double ours = 0;
    for (String subject : subjects) {
      for (String variant : variants) {
        Spread spread = group.spread(subject, variant);
        if (spread != null) {
          medians.add(spread.median());
          ours = Subjects.isOurs(subject) ? Math.max(ours, spread.median()) : ours;
        }
      }
    }
    return Math.max(ours, CUT * Spread.of(medians).median());
  }

  private boolean isCut() {
    return bars.stream().map(Bar::spread).anyMatch(s -> s != null && s.median() > limit);
  }

  private int rowsHeight() {
    return (int) (bars.get(bars.size() - 1).middle() + (BETWEEN_SUBJECTS + BAR) / 2.0);
  }

  private int legendHeight() {
    return variants.size() > 1 ? LEGEND : 0;
  }

  private double namesWidth() {
    return subjects.stream()
        .mapToDouble(subject -> Canvas.width(subject, nameFont(subject)))
        .max()
        .orElse(0);
  }

  private double labelsWidth() {
    double widest = 0;
    for (Bar bar : bars) {
      Spread spread = bar.spread();
      if (spread != null) {
        String figure = Labels.figure(spread.median(), group.unit());
        double width =
            Canvas.width(figure, Canvas.LABEL) + GAP + Canvas.width(ratio(bar), Canvas.LABEL);
        widest = Math.max(widest, width);
      }
    }
    return widest;
  }

  private static String ratio(Bar bar) {
    Spread ratio = bar.ratio();
    return ratio == null ? "" : Labels.ratio(ratio.median());
  }

  private static Font nameFont(String subject) {
    return Subjects.isOurs(subject) ? Canvas.STRONG : Canvas.LABEL;
  }

  private static Color lighter(Color colour, double share) {
    return new Color(
        (int) (colour.getRed() + (255 - colour.getRed()) * share),
        (int) (colour.getGreen() + (255 - colour.getGreen()) * share),
        (int) (colour.getBlue() + (255 - colour.getBlue()) * share));
  }
}
