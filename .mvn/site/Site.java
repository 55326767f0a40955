import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Renders the documents of a repository as a site: {@code Site REPOSITORY FOLDER}. A link from one
 * document to another leads to the page; one to a file that has no page becomes its text. A link
 * that leads nowhere, or to a heading that isn't there, fails.
 */
final class Site {
  private static final List<Extension> EXTENSIONS =
      List.of(TablesExtension.create(), HeadingAnchorExtension.create());
  private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder().extensions(EXTENSIONS).build();
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");

  private final Path root;
  private final Path site;

  /** The pages by their documents. */
  private final Map<Path, Path> pages = new TreeMap<>();

  private final List<String> wrong = new ArrayList<>();

  private Site(Path root, Path site) {
    this.root = root;
    this.site = site;
  }

  public static void main(String[] arguments) throws IOException {
    Site site =
        new Site(
            Path.of(arguments[0]).toAbsolutePath().normalize(),
            Path.of(arguments[1]).toAbsolutePath().normalize());
    site.make();
    site.wrong.forEach(System.err::println);
    System.exit(site.wrong.isEmpty() ? 0 : 1);
  }

  private void make() throws IOException {
    for (Path folder : List.of(root, root.resolve("docs"))) {
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(file -> file.toString().endsWith(".md")).forEach(this::addPage);
      }
    }
    copyFiles();
    for (Path document : pages.keySet()) {
      render(document);
    }
    for (Path page : pages.values()) {
      checkLinks(page);
    }
    System.out.println(pages.size() + " pages in " + site);
  }

  private void addPage(Path document) {
    String name = root.relativize(document).toString();
    String page = name.equals("README.md") ? "index.html" : name.replaceAll("\\.md$", ".html");
    pages.put(document, site.resolve(page));
  }

  /** Pictures, and what else the documents have beside them. */
  private void copyFiles() throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve("docs"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!pages.containsKey(file)) {
          Path copy = site.resolve(root.relativize(file).toString());
          Files.createDirectories(copy.getParent());
          Files.write(copy, Files.readAllBytes(file));
        }
      }
    }
  }

  private void render(Path document) throws IOException {
    Node parsed = PARSER.parse(Files.readString(document));
    Path page = pages.get(document);
    parsed.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Link link) {
            visitChildren(link);
            follow(document, page, link);
          }
        });
    Files.createDirectories(page.getParent());
    String toTop = page.getParent().relativize(site).toString();
    String top = toTop.isEmpty() ? "" : toTop + "/";
    Files.writeString(
        page,
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%s</title>
        <style>
        :root { color-scheme: light dark }
        body { max-width: 50rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 sans-serif }
        pre { overflow-x: auto; padding: .7rem; background: #8881; border-radius: 4px }
        code { font-size: .9em }
        table { border-collapse: collapse; display: block; overflow-x: auto }
        td, th { border: 1px solid #8886; padding: .3rem .6rem; text-align: left; vertical-align: top }
        img { max-width: 100%% }
        </style>
        </head>
        <body>
        <nav><a href="%sindex.html">Stackful</a> · <a href="%sapi/index.html">Javadoc</a></nav>
        %s</body>
        </html>
        """
            .formatted(titleOf(parsed), top, top, RENDERER.render(parsed)));
  }

  private void follow(Path document, Path page, Link link) {
    String target = link.getDestination();
    if (ELSEWHERE.matcher(target).matches() || target.startsWith("#")) {
      return;
    }
    String[] parts = target.split("#", 2);
    Path file = document.resolveSibling(parts[0]).normalize();
    Path other = pages.get(file);
    if (other != null) {
      String fragment = parts.length == 1 ? "" : "#" + parts[1];
      link.setDestination(page.getParent().relativize(other) + fragment);
    } else if (file.startsWith(root.resolve("docs")) && Files.isRegularFile(file)) {
      return; // copied
    } else if (Files.exists(file)) {
      while (link.getFirstChild() != null) {
        link.insertBefore(link.getFirstChild());
      }
      link.unlink();
    } else {
      wrong.add(root.relativize(document) + " links to " + target + ", which does not exist");
    }
  }

  private static String titleOf(Node document) {
    StringBuilder title = new StringBuilder();
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Heading heading) {
            if (title.isEmpty()) {
              visitChildren(heading);
            }
          }

          @Override
          public void visit(Text text) {
            if (text.getParent() instanceof Heading) {
              title.append(text.getLiteral());
            }
          }
        });
    return title.toString();
  }

  private void checkLinks(Path page) throws IOException {
    Matcher links =
        Pattern.compile("(?:href|src)=\"([^\"#]*)(?:#([^\"]*))?\"").matcher(Files.readString(page));
    while (links.find()) {
      if (ELSEWHERE.matcher(links.group(1)).matches()) {
        continue;
      }
      Path target = links.group(1).isEmpty() ? page : page.resolveSibling(links.group(1));
      String id = links.group(2);
      if (!Files.exists(target.normalize())) {
        wrong.add(site.relativize(page) + ": nothing at " + links.group(1));
      } else if (id != null && !Files.readString(target).contains("id=\"" + id + "\"")) {
        wrong.add(site.relativize(page) + ": no heading for " + links.group());
      }
    }
  }
}
