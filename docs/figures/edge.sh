#!/usr/bin/env bash
# Draws edge.png: data that stopped in the corners of a box, on the whole ball.
#   bash docs/figures/edge.sh      (after ./setup build; half a minute)
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$PWD/build/release/landaumax
data=$PWD/tests/verify/ordinary
picture=$PWD/docs/figures/edge.png
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
awk 'BEGIN {
  n = 181
  for (i = 0; i < n; ++i)
    for (j = 0; j < n; ++j) {
      x = -9 + 18 * i / (n - 1); y = -9 + 18 * j / (n - 1)
      if (x * x + y * y <= 81) print x, y
    }
}' >points
for name in example_of_help_case_2d readme_like_pair_2d two_beams_equal_2d \
  product_tail_2d; do
  "$program" run "$data/$name.toml" --out "$name" --quiet \
    --set figures.enabled=false || [ $? -eq 1 ]
  "$program" probe "$name" --coordinates normalised <points |
    awk '{ print $2, $3, $4 + ($2 * $2 + $3 * $3) / 2 + log(8 * atan2(1, 1)) }' \
      >"$name.dat"
done
gnuplot <<END
set terminal pngcairo size 1000,960 font "Sans,11"
set output "$picture"
set multiplot layout 2,2
set size ratio -1
set xrange [-9.2:9.2]
set yrange [-9.2:9.2]
set parametric
set trange [0:2*pi]
unset key
do for [name in "example_of_help_case_2d readme_like_pair_2d \
two_beams_equal_2d product_tail_2d"] {
  set title name noenhanced
  plot name.".dat" using 1:2:3 with points pt 5 ps 0.4 lc palette, \
    6*cos(t),6*sin(t) lc rgb "black" lw 1.5
}
unset multiplot
END
