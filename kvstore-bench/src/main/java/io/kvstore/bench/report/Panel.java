package io.kvstore.bench.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The area between two axes: a chart of XChart's that fills its area to the edges, with a grid, and
 * nothing written on it.
 */
final class Panel {
  private static final BasicStroke HAIRLINE = new BasicStroke(1);

  private final Axis x;
  private final Axis y;
  private final Rectangle2D area;
  private final XYChart chart;
  private int count;

  Panel(Axis x, Axis y, Rectangle2D area) {
    this.x = x;
    this.y = y;
    this.area = area;
    this.chart = new XYChart((int) area.getWidth(), (int) area.getHeight());
    style(chart.getStyler());
    for (double tick : x.ticks().keySet()) {
      line(List.of(point(tick, y.least()), point(tick, y.most())), Ink.GRID, HAIRLINE);
    }
    for (double tick : y.ticks().keySet()) {
      line(List.of(point(x.least(), tick), point(x.most(), tick)), Ink.GRID, HAIRLINE);
    }
  }

  /** Adds a line through these values. */
  void line(List<Point2D> points, Color colour, BasicStroke stroke) {
    XYSeries series = series(points);
    series.setLineStyle(stroke);
    series.setLineColor(colour);
    series.setMarker(SeriesMarkers.NONE);
  }

  /** Adds a dot at each of these values. */
  void dots(List<Point2D> points, Color colour) {
    XYSeries series = series(points);
    series.setLineStyle(SeriesLines.NONE);
    series.setMarker(SeriesMarkers.CIRCLE);
    series.setMarkerColor(colour);
  }

  void paint(Graphics2D graphics) {
    AffineTransform before = graphics.getTransform();
    graphics.translate(area.getX(), area.getY());
    chart.paint(graphics, chart.getWidth(), chart.getHeight());
    graphics.setTransform(before);
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

  private XYSeries series(List<Point2D> points) {
    double[] xs = points.stream().mapToDouble(point -> x.at(point.getX())).toArray();
    double[] ys = points.stream().mapToDouble(point -> y.at(point.getY())).toArray();
    return chart.addSeries(String.valueOf(count++), xs, ys);
  }

  private void style(XYStyler styler) {
    styler.setXAxisMin(x.at(x.least()));
    styler.setXAxisMax(x.at(x.most()));
    styler.setYAxisMin(y.at(y.least()));
    styler.setYAxisMax(y.at(y.most()));
    styler.setAxisTicksVisible(false);
    styler.setAxisTitlesVisible(false);
    styler.setPlotGridLinesVisible(false);
    styler.setPlotBorderVisible(false);
    styler.setPlotMargin(0);
    styler.setPlotContentSize(1);
    styler.setChartPadding(0);
    styler.setChartTitleVisible(false);
    styler.setLegendVisible(false);
    styler.setMarkerSize(7);
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBackgroundColor(Color.WHITE);
  }
}
