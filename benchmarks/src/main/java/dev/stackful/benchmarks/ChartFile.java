package dev.stackful.benchmarks;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.Paint;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.data.category.CategoryDataset;
import org.jfree.data.xy.XYDataset;
import org.w3c.dom.Document;

/**
 * Draws charts into SVG files, with text as text, no background, and colours that can be read on a
 * light and on a dark page.
 */
final class ChartFile {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 400;
  private static final Color TEXT = new Color(0x80, 0x80, 0x80);
  private static final Color[] SERIES = {new Color(0x2F, 0x81, 0xD7), new Color(0xE0, 0x7B, 0x39)};
  private static final BasicStroke LINE = new BasicStroke(2.5f);
  private static final Shape POINT = new Ellipse2D.Double(-4, -4, 8, 8);
  private static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);

  private ChartFile() {}

  static void writeLines(Path file, String title, ValueAxis across, ValueAxis up, XYDataset data)
      throws IOException {
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer();
    for (int i = 0; i < data.getSeriesCount(); i++) {
      renderer.setSeriesPaint(i, SERIES[i % SERIES.length]);
      renderer.setSeriesStroke(i, LINE);
      renderer.setSeriesShape(i, POINT);
    }
    style(across);
    style(up);
    XYPlot plot = new XYPlot(data, across, up, renderer);
    plot.setDomainGridlinesVisible(false);
    plot.setRangeGridlinePaint(TEXT);
    write(file, title, plot, true);
  }

  /**
   * Draws bars.
   *
   * @param ours which of their names are this library's
   */
  static void writeBars(
      Path file, String title, ValueAxis up, CategoryDataset data, Predicate<String> ours)
      throws IOException {
    BarRenderer renderer =
        new BarRenderer() {
          @Override
          public Paint getItemPaint(int row, int column) {
            return SERIES[ours.test(data.getColumnKey(column).toString()) ? 0 : 1];
          }
        };
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    renderer.setBase(1); // where an axis of logarithms begins
    CategoryAxis names = new CategoryAxis();
    names.setMaximumCategoryLabelWidthRatio(0.5f); // of the chart, else long ones are cut
    names.setTickLabelFont(PLAIN);
    names.setTickLabelPaint(TEXT);
    names.setAxisLinePaint(TEXT);
    names.setTickMarkPaint(TEXT);
    style(up);
    CategoryPlot plot = new CategoryPlot(data, names, up, renderer);
    plot.setOrientation(PlotOrientation.HORIZONTAL); // the names are long
    plot.setRangeGridlinePaint(TEXT);
    write(file, title, plot, false);
  }

  private static void style(ValueAxis axis) {
    axis.setLabelFont(PLAIN);
    axis.setLabelPaint(TEXT);
    axis.setTickLabelFont(PLAIN);
    axis.setTickLabelPaint(TEXT);
    axis.setAxisLinePaint(TEXT);
    axis.setTickMarkPaint(TEXT);
  }

  private static void write(Path file, String title, Plot plot, boolean legend) throws IOException {
    plot.setBackgroundPaint(null);
    plot.setOutlineVisible(false);
    JFreeChart chart = new JFreeChart(title, TITLE, plot, legend);
    chart.setBackgroundPaint(null);
    chart.getTitle().setPaint(TEXT);
    LegendTitle names = chart.getLegend();
    if (names != null) {
      names.setBackgroundPaint(null);
      names.setItemPaint(TEXT);
      names.setItemFont(PLAIN);
    }
    SVGGraphics2D graphics = new SVGGraphics2D(emptyDocument());
    graphics.setSVGCanvasSize(new Dimension(WIDTH, HEIGHT));
    chart.draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
    try (Writer out = Files.newBufferedWriter(file)) {
      graphics.stream(out, true);
    }
  }

  private static Document emptyDocument() {
    try {
      return DocumentBuilderFactory.newNSInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument("http://www.w3.org/2000/svg", "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the JDK has no XML parser", e);
    }
  }
}
