package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a program must have to use the module: the JDK, and no more. */
final class ModuleTest {
  private static final Path CLASSES = classes();

  private final ModuleDescriptor module = descriptor();
  private final Set<String> exported =
      module.exports().stream()
          .map(ModuleDescriptor.Exports::source)
          .collect(Collectors.toCollection(TreeSet::new));

  private static Path classes() {
    try {
      URI place = Engine.class.getProtectionDomain().getCodeSource().getLocation().toURI();
      return Path.of(place);
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static ModuleDescriptor descriptor() {
    try (InputStream compiled = Files.newInputStream(CLASSES.resolve("module-info.class"))) {
      return ModuleDescriptor.read(compiled);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A static requirement that is transitive is one of every user's, when it is compiled. */
  @Test
  void requiresNothingOfItsUsers() {
    for (Requires requirement : module.requires()) {
      if (!requirement.name().equals("java.base")) {
        assertEquals(Set.of(Requires.Modifier.STATIC), requirement.modifiers(), requirement::name);
      }
    }
  }

  /** As a compiler sees it that has no JSpecify. */
  @Test
  void marksEachExportedPackageForNullness() throws IOException {
    for (String name : exported) {
      Path file = CLASSES.resolve(name.replace('.', '/')).resolve("package-info.class");
      ClassModel described = ClassFile.of().parse(file);
      List<String> annotations =
          described.findAttribute(Attributes.runtimeVisibleAnnotations()).stream()
              .flatMap(attribute -> attribute.annotations().stream())
              .map(annotation -> annotation.className().stringValue())
              .toList();
      assertEquals(List.of("Lorg/jspecify/annotations/NullMarked;"), annotations, name);
    }
  }

  /** What javac's lint "exports" would find, were it not for the annotations. */
  @Test
  void showsOnlyTypesThatItsUsersCanRead() throws Exception {
    List<String> wrong = new ArrayList<>();
    List<Class<?>> shown = shownClasses();
    assertFalse(shown.isEmpty());
    for (Class<?> type : shown) {
      for (Shown part : partsOf(type)) {
        classesIn(part.type())
            // A class that is the package's own may stand between a public one and its superclass.
            .filter(c -> c.getPackage() != type.getPackage() || c != type.getSuperclass())
            .filter(Predicate.not(this::canBeRead))
            .forEach(hidden -> wrong.add(part.where() + " shows " + hidden.getName()));
      }
    }
    assertEquals(List.of(), wrong);
  }

  private List<Class<?>> shownClasses() throws Exception {
    List<Class<?>> shown = new ArrayList<>();
    for (String name : exported) {
      List<Path> files;
      try (Stream<Path> listed = Files.list(CLASSES.resolve(name.replace('.', '/')))) {
        files = listed.filter(file -> file.toString().endsWith(".class")).sorted().toList();
      }
      for (Path file : files) {
        String simple = file.getFileName().toString().replace(".class", "");
        Class<?> type = Class.forName(name + "." + simple, false, getClass().getClassLoader());
        if (isShown(type)) {
          shown.add(type);
        }
      }
    }
    return shown;
  }

  /**
   * A type in a public signature.
   *
   * @param where for a message
   */
  private record Shown(String where, Type type) {}

  private static List<Shown> partsOf(Class<?> type) {
    List<Shown> parts = new ArrayList<>();
    String name = type.getName();
    add(parts, name, type.getTypeParameters());
    add(parts, name, type.getGenericInterfaces());
    if (type.getGenericSuperclass() != null) {
      add(parts, name, type.getGenericSuperclass());
    }
    for (Field field : type.getDeclaredFields()) {
      if (isShown(field)) {
        add(parts, field.toString(), field.getGenericType());
      }
    }
    Stream.<Executable>concat(
            Arrays.stream(type.getDeclaredConstructors()), Arrays.stream(type.getDeclaredMethods()))
        .filter(ModuleTest::isShown)
        .forEach(
            member -> {
              add(parts, member.toString(), member.getTypeParameters());
              add(parts, member.toString(), member.getGenericParameterTypes());
              add(parts, member.toString(), member.getGenericExceptionTypes());
              if (member instanceof Method method) {
                add(parts, member.toString(), method.getGenericReturnType());
              }
            });
    return parts;
  }

  private static void add(List<Shown> parts, String where, Type... types) {
    for (Type type : types) {
      parts.add(new Shown(where, type));
    }
  }

  private static boolean isShown(Member member) {
    return !member.isSynthetic() && isShown(member.getModifiers());
  }

  private static boolean isShown(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static boolean isShown(Class<?> type) {
    for (@Nullable Class<?> c = type; c != null; c = c.getEnclosingClass()) {
      if (!isShown(c.getModifiers()) || c.isAnonymousClass() || c.isLocalClass()) {
        return false;
      }
    }
    return true;
  }

  private boolean canBeRead(Class<?> type) {
    Module home = type.getModule();
    return home.isNamed()
        ? home.getName().equals("java.base") && home.isExported(type.getPackageName())
        : exported.contains(type.getPackageName()) && isShown(type);
  }

  private static Stream<Class<?>> classesIn(Type type) {
    return switch (type) {
      case Class<?> c when c.isArray() -> classesIn(c.getComponentType());
      case Class<?> c when c.isPrimitive() -> Stream.of();
      case Class<?> c -> Stream.of(c);
      case GenericArrayType array -> classesIn(array.getGenericComponentType());
      case ParameterizedType generic ->
          Stream.concat(
              classesIn(generic.getRawType()),
              Arrays.stream(generic.getActualTypeArguments()).flatMap(ModuleTest::classesIn));
      case WildcardType wildcard ->
          Stream.concat(
                  Arrays.stream(wildcard.getUpperBounds()),
                  Arrays.stream(wildcard.getLowerBounds()))
              .flatMap(ModuleTest::classesIn);
      // A recursive bound, as in T extends Comparable<T>, would have no end.
      case TypeVariable<?> variable ->
          Arrays.stream(variable.getBounds())
              .flatMap(bound -> bound instanceof Class<?> c ? classesIn(c) : Stream.of());
      default -> throw new AssertionError(type);
    };
  }
}
