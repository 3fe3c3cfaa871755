# Compares what a document shows with what the program printed.
#   awk -f docs.awk -v gaps=0|1 SHOWN PRINTED
# Exit code 0 if they agree; else the first line that does not is printed.
#
# What may differ:
# - a number with 1 % of itself; numbers below 1e-6 are errors of rounding and
#   of the time integration, those above 1e15 of a blow-up, of which only the
#   place is compared;
# - times that something took, numbers followed by s, ms, min or h;
# - blanks between words.
# Only digits that do not belong to a word are numbers (not those of thm-2.3).
# A line "..." stands for any number of lines. With gaps=1 the document shows
# an excerpt: other lines may lie between any two.

# Splits a line into its words without numbers, returned, and number[1..n].
function split_numbers(line, number,    n, words, before, value) {
  gsub(/[ \t]+/, " ", line)
  sub(/^ /, "", line)
  sub(/ $/, "", line)
  words = ""
  before = " "
  number[0] = 0
  while (match(line, /[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?/)) {
    if (RSTART > 1)
      before = substr(line, RSTART - 1, 1)
    value = substr(line, RSTART, RLENGTH)
    words = words substr(line, 1, RSTART - 1)
    line = substr(line, RSTART + RLENGTH)
    if (before ~ /[A-Za-z_.]/ || (before == "-" && words ~ /[A-Za-z]-$/))
      words = words value
    else if (line ~ /^ (s|ms|min|h)([^A-Za-z]|$)/)
      words = words "@"
    else {
      words = words "#"
      number[++number[0]] = value
    }
    before = substr(value, length(value))
  }
  return words line
}

function close_to(x, y,    larger) {
  x += 0
  y += 0
  larger = x > y ? x : y
  return larger < 1e-6 || (x > 1e15 && y > 1e15) ||
    (x > y ? x - y : y - x) <= 0.01 * larger
}

function same(shown, printed,    i, a, b) {
  if (split_numbers(shown, a) != split_numbers(printed, b) || a[0] != b[0])
    return 0
  for (i = 1; i <= a[0]; ++i)
    if (!close_to(a[i], b[i]))
      return 0
  return 1
}

NR == FNR { shown[++ns] = $0; next }
{ printed[++np] = $0 }

END {
  at = 1
  gap = gaps
  for (i = 1; i <= ns; ++i) {
    if (shown[i] == "...") {
      gap = 1
      continue
    }
    first = at
    while (at <= np && gap && !same(shown[i], printed[at]))
      ++at
    if (at > np || !same(shown[i], printed[at])) {
      print "  shown:   " shown[i]
      print "  printed: " (first <= np ? printed[first] : "(nothing more)")
      exit 1
    }
    ++at
    gap = gaps
  }
  if (!gap && at <= np) {
    print "  not shown: " printed[at]
    exit 1
  }
}
