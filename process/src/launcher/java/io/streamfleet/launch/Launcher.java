package io.streamfleet.launch;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.jar.Manifest;

/**
 * Where {@code java -jar} begins. It is compiled for Java 8, so that a Java that is too old says in
 * one line which one is needed, where it could not even read the class behind this one.
 */
public final class Launcher {

  private static final int NEEDED = 25;

  /** The number of a class file's version is so much above that of its Java. */
  private static final int CLASS_FILE_OFFSET = 44;

  /** As of {@code ./streamfleet}: the machine lacks something. */
  private static final int LACKING = 4;

  /** The attribute of the jar's manifest that names the class behind. */
  private static final String MAIN = "Streamfleet-Main";

  private Launcher() {}

  /** Starts what the jar's manifest names, with the same arguments. */
  public static void main(String[] arguments) throws Throwable {
    String classFiles = System.getProperty("java.class.version");
    int found = (int) Double.parseDouble(classFiles) - CLASS_FILE_OFFSET;
    if (found < NEEDED) {
      System.err.println(
          System.getProperty("java.class.path")
              + " needs Java "
              + NEEDED
              + " or later; this is Java "
              + found
              + ", "
              + System.getProperty("java.home"));
      System.exit(LACKING);
    }
    try {
      Class.forName(mainClass()).getMethod("main", String[].class).invoke(null, (Object) arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** The jar that was started comes first on the class path. */
  private static String mainClass() throws IOException {
    try (InputStream manifest =
        Launcher.class.getClassLoader().getResourceAsStream("META-INF/MANIFEST.MF")) {
      return new Manifest(manifest).getMainAttributes().getValue(MAIN);
    }
  }
}
