package dev.stackful.real;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.FuzzyQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.Scorable;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.jspecify.annotations.Nullable;

/** A search engine over this library's documents: at each token, and at each hit. */
final class Lucene implements Program {
  private final Path root;

  Lucene(Path root) {
    this.root = root;
  }

  @Override
  public String run() throws IOException {
    try (Directory directory = new ByteBuffersDirectory();
        Analyzer analyzer = new PausingAnalyzer()) {
      int lines = index(directory, analyzer);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        IndexSearcher searcher = new IndexSearcher(reader);
        Digest digest = new Digest();
        int hits = 0;
        for (Query query : queries()) {
          hits += searcher.search(query, new OneCollector(digest));
        }
        return lines + " lines, " + hits + " hits, " + digest.text();
      }
    }
  }

  private int index(Directory directory, Analyzer analyzer) throws IOException {
    int lines = 0;
    try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(analyzer));
        Stream<Path> files = Files.list(root.resolve("docs"))) {
      for (Path file : files.filter(f -> f.toString().endsWith("s.md")).sorted().toList()) {
        for (String line : Files.readAllLines(file)) {
          Document document = new Document();
          document.add(new TextField("text", line, Field.Store.NO));
          writer.addDocument(document);
          lines++;
        }
      }
    }
    return lines;
  }

  private static List<Query> queries() {
    return List.of(
        new TermQuery(new Term("text", "stack")),
        new PrefixQuery(new Term("text", "cor")),
        new FuzzyQuery(new Term("text", "yeild")),
        new BooleanQuery.Builder()
            .add(new TermQuery(new Term("text", "the")), BooleanClause.Occur.MUST)
            .add(new TermQuery(new Term("text", "kernel")), BooleanClause.Occur.SHOULD)
            .build());
  }

  /** A searcher without an executor asks for one collector, and calls it on its caller's thread. */
  private record OneCollector(Digest digest) implements CollectorManager<Hits, Integer> {
    @Override
    public Hits newCollector() {
      return new Hits(digest);
    }

    @Override
    public Integer reduce(Collection<Hits> collectors) {
      return collectors.stream().mapToInt(hits -> hits.count).sum();
    }
  }

  private static final class Hits extends SimpleCollector {
    private final Digest digest;
    private int base;
    private int count;
    private @Nullable Scorable scorer;

    Hits(Digest digest) {
      this.digest = digest;
    }

    @Override
    protected void doSetNextReader(LeafReaderContext context) {
      base = context.docBase;
    }

    @Override
    public void setScorer(Scorable scorer) {
      this.scorer = scorer;
    }

    @Override
    public void collect(int document) throws IOException {
      Pause.here();
      count++;
      Scorable current = scorer;
      float score = current == null ? 0 : current.score();
      digest.add(base + document + " " + String.format(Locale.ROOT, "%.4f", score));
    }

    @Override
    public ScoreMode scoreMode() {
      return ScoreMode.COMPLETE;
    }
  }

  private static final class PausingAnalyzer extends Analyzer {
    @Override
    protected TokenStreamComponents createComponents(String field) {
      Tokenizer tokenizer = new StandardTokenizer();
      return new TokenStreamComponents(tokenizer, new Pausing(new LowerCaseFilter(tokenizer)));
    }
  }

  private static final class Pausing extends TokenFilter {
    Pausing(TokenStream input) {
      super(input);
    }

    @Override
    public boolean incrementToken() throws IOException {
      Pause.here();
      return input.incrementToken();
    }
  }
}
