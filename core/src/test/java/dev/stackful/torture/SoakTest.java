package dev.stackful.torture;

import dev.stackful.testing.OwnJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The soak for two seconds under each configuration; ./stackful torture runs it for longer. */
final class SoakTest {
  private static final String SECONDS = "2";

  @TempDir Path folder;

  @Test
  void soaks() {
    soak(TortureConfiguration.DEFAULT);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DEFAULT")
  @Tag("native-speed")
  void soaksUnder(TortureConfiguration configuration) {
    if (configuration.name().contains("SHENANDOAH")) {
      // Some builds leave it out.
      Path release = Path.of(System.getProperty("java.home"), "release");
      Assumptions.assumeTrue(Files.exists(release) && knowsShenandoah());
    }
    soak(configuration);
  }

  private static boolean knowsShenandoah() {
    return new OwnJvm().with("-XX:+UseShenandoahGC").run(Available.class).exitStatus() == 0;
  }

  private void soak(TortureConfiguration configuration) {
    new OwnJvm()
        .with(configuration.flags(folder).toArray(String[]::new))
        .within(Duration.ofSeconds(90))
        .run(TortureJvm.class, TortureProgram.RESUMES.name(), SECONDS, "1")
        .mustSucceed()
        .mustPrint(TortureJvm.OK);
  }
}
