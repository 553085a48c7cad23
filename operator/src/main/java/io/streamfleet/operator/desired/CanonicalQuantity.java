package io.streamfleet.operator.desired;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A quantity as the API server writes it: no fraction, and the largest suffix that needs none.
 * {@code 1000m} becomes {@code 1}, {@code 0.5Gi} becomes {@code 512Mi}.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/">Kubernetes
 *     on quantities</a>
 */
final class CanonicalQuantity {

  private static final Pattern FORM =
      Pattern.compile(
          "([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+))(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|)");

  private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");

  /** From a billionth up, each a thousand times the previous one. */
  private static final List<String> DECIMAL =
      List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");

  private static final int NANO = -9;
  private static final BigInteger KIBI = BigInteger.valueOf(1024);
  private static final BigInteger KILO = BigInteger.valueOf(1000);

  private CanonicalQuantity() {}

  /**
   * The canonical form. A text that is not a quantity, or has an exponent such as {@code 1e3}, is
   * returned unchanged.
   */
  static String of(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return text;
    }
    BigDecimal number = new BigDecimal(matcher.group(1));
    int binary = BINARY.indexOf(matcher.group(2));
    if (binary <= 0) {
      return decimal(number.scaleByPowerOfTen(3 * DECIMAL.indexOf(matcher.group(2)) + NANO));
    }
    BigDecimal value = number.multiply(new BigDecimal(KIBI.pow(binary)));
    // Below one Ki the server uses decimal suffixes.
    return value.abs().compareTo(new BigDecimal(KIBI)) < 0
        ? decimal(value)
        : withSuffix(value.setScale(0, RoundingMode.UP).toBigInteger(), KIBI, BINARY);
  }

  private static String decimal(BigDecimal value) {
    BigInteger nanos = value.scaleByPowerOfTen(-NANO).setScale(0, RoundingMode.UP).toBigInteger();
    return nanos.signum() == 0 ? "0" : withSuffix(nanos, KILO, DECIMAL);
  }

  private static String withSuffix(BigInteger number, BigInteger step, List<String> suffixes) {
    BigInteger rest = number;
    int suffix = 0;
    while (suffix < suffixes.size() - 1 && rest.mod(step).signum() == 0) {
      rest = rest.divide(step);
      suffix++;
    }
    return rest + suffixes.get(suffix);
  }
}
