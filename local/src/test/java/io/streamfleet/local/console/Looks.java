package io.streamfleet.local.console;

/** Questions about how a page looks, as pieces of JavaScript. */
final class Looks {

  private Looks() {}

  /** Texts whose contrast with what is behind them is below that of WCAG AA. */
  static final String TOO_FAINT =
      """
      (() => {
        const rgb = (text) => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return {r, g, b, a}; };
        const part = (c) => { c /= 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
        const light = ({r, g, b}) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
        const behind = (at) => { for (; at; at = at.parentElement) { const c = rgb(getComputedStyle(at).backgroundColor); if (c.a > 0.5) return c; } return {r: 255, g: 255, b: 255}; };
        const faint = [];
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) {
          const at = walk.currentNode.parentElement;
          if (!walk.currentNode.nodeValue.trim() || at.closest('script, noscript, button:disabled, .skip') || at.getClientRects().length === 0) continue;
          const style = getComputedStyle(at);
          const a = light(rgb(at.closest('svg') ? style.fill : style.color));
          const b = light(behind(at));
          const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          if (contrast < 4.5) faint.push(`${walk.currentNode.nodeValue.trim()}: ${contrast.toFixed(2)}`);
        }
        return faint;
      })()
      """;

  /** Buttons, fields and drawings that a screen reader could not name. */
  static final String WITHOUT_NAME =
      """
      [...document.querySelectorAll('button, a, input, select, svg')]
        .filter((it) => !(it.innerText ?? '').trim() && !it.getAttribute('aria-label') && !it.closest('label'))
        .map((it) => it.outerHTML)
      """;
}
