package io.streamfleet.local.view;

import io.streamfleet.local.view.ScreenLine.Tone;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Displays a fleet in place, on the terminal's alternate screen; the original content is restored
 * afterwards.
 *
 * @see <a href="https://invisible-island.net/xterm/ctlseqs/ctlseqs.html">the control sequences</a>
 */
public final class LiveScreen implements Display {

  private static final String ALTERNATE_SCREEN = "\u001b[?1049h";
  private static final String NORMAL_SCREEN = "\u001b[?1049l";
  private static final String HIDE_CURSOR = "\u001b[?25l";
  private static final String SHOW_CURSOR = "\u001b[?25h";

  /**
   * Synchronized output: terminals that support it draw everything in between at once; others
   * ignore it.
   */
  private static final String BEGIN_SYNCHRONIZED = "\u001b[?2026h";

  private static final String END_SYNCHRONIZED = "\u001b[?2026l";
  private static final String HOME = "\u001b[H";
  private static final String ERASE_ALL = "\u001b[2J";
  private static final String ERASE_LINE = "\u001b[K";
  private static final String ERASE_BELOW = "\u001b[J";
  private static final String RESET = "\u001b[0m";

  private final PrintWriter out;
  private final Supplier<Optional<Size>> sizes;
  private final Supplier<ScreenLine> header;
  private final ScreenLine footer;
  private Size size = Size.USUAL;
  private boolean begun;

  /** The size of a terminal in characters. */
  public record Size(int rows, int columns) {

    /** If the terminal's size is unknown. */
    public static final Size USUAL = new Size(24, 80);
  }

  /**
   * @param sizes called before each drawing, since the terminal may be resized
   * @param header the first line
   * @param footer the last line
   */
  public LiveScreen(
      PrintWriter out,
      Supplier<Optional<Size>> sizes,
      Supplier<ScreenLine> header,
      ScreenLine footer) {
    this.out = out;
    this.sizes = sizes;
    this.header = header;
    this.footer = footer;
  }

  @Override
  public void show(Snapshot snapshot) {
    StringBuilder drawing = new StringBuilder(BEGIN_SYNCHRONIZED);
    Size now = sizes.get().orElse(size);
    if (!begun) {
      drawing.append(ALTERNATE_SCREEN).append(HIDE_CURSOR).append(ERASE_ALL);
    } else if (!now.equals(size)) {
      // After a resize, lines may have been wrapped anywhere.
      drawing.append(ERASE_ALL);
    }
    begun = true;
    size = now;
    drawing.append(HOME);
    List<ScreenLine> lines =
        framed(
            FleetScreen.fitted(snapshot, Math.max(0, now.rows() - 4), now.columns() - 1),
            now.rows());
    for (int i = 0; i < lines.size(); i++) {
      drawing.append(i == 0 ? "" : "\r\n").append(styled(lines.get(i), now.columns()));
      drawing.append(ERASE_LINE);
    }
    drawing.append(ERASE_BELOW).append(END_SYNCHRONIZED);
    out.print(drawing);
    out.flush();
  }

  /** The header at the top, the footer at the bottom, and in between what fits. */
  private List<ScreenLine> framed(List<ScreenLine> screen, int rows) {
    List<ScreenLine> lines = new ArrayList<>();
    lines.add(header.get());
    lines.add(new ScreenLine(Tone.PLAIN, ""));
    int room = rows - 4;
    if (screen.size() <= room) {
      lines.addAll(screen);
    } else if (room > 0) {
      lines.addAll(screen.subList(0, room - 1));
      lines.add(
          new ScreenLine(Tone.FAINT, "... %d more lines".formatted(screen.size() - room + 1)));
    }
    lines.add(new ScreenLine(Tone.PLAIN, ""));
    lines.add(footer);
    return lines.subList(0, Math.min(lines.size(), Math.max(1, rows)));
  }

  /** The last column stays free: a character in it starts a new line on some terminals. */
  private static String styled(ScreenLine line, int columns) {
    String text = line.text().replaceAll("\\p{Cntrl}", " ");
    int room = Math.max(1, columns - 1);
    if (text.codePointCount(0, text.length()) > room) {
      text = text.substring(0, text.offsetByCodePoints(0, room - 1)) + "…";
    }
    return switch (line.tone()) {
      case PLAIN -> text;
      case HEADING -> "\u001b[1m" + text + RESET;
      case FAINT -> "\u001b[2m" + text + RESET;
      case GOOD -> "\u001b[32m" + text + RESET;
      case BAD -> "\u001b[33m" + text + RESET;
    };
  }

  @Override
  public void close() {
    if (begun) {
      begun = false;
      out.print(SHOW_CURSOR + NORMAL_SCREEN);
      out.flush();
    }
  }
}
