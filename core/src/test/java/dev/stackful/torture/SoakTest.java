package dev.stackful.torture;

import dev.stackful.testing.OwnJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The soak for two seconds under each configuration; tools/soak runs it for longer. */
final class SoakTest {
  private static final String SECONDS = "2";

  @Test
  void soaks() {
    soak(SoakConfiguration.DEFAULT);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DEFAULT")
  @Tag("native-speed")
  void soaksUnder(SoakConfiguration configuration) {
    if (configuration == SoakConfiguration.SHENANDOAH) {
      // Some builds leave it out.
      Path release = Path.of(System.getProperty("java.home"), "release");
      Assumptions.assumeTrue(Files.exists(release) && knowsShenandoah());
    }
    soak(configuration);
  }

  private static boolean knowsShenandoah() {
    return new OwnJvm().with("-XX:+UseShenandoahGC").run(Available.class).exitStatus() == 0;
  }

  private static void soak(SoakConfiguration configuration) {
    new OwnJvm()
        .with(configuration.flags().toArray(String[]::new))
        .within(Duration.ofSeconds(90))
        .run(Soak.class, SECONDS)
        .mustSucceed()
        .mustPrint("soak ok");
  }
}
