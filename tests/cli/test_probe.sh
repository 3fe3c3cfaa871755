#!/usr/bin/env bash
# `landaumax probe`: what it prints, in which coordinates, and what it refuses.
# (Its accuracy is tested in tests/verify/test_probe.c.)
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1

expect 0 run "$cases/off_centre_mixture_2d.toml" --quiet --out run \
  --set time.end=0.02 --set time.output=0.01 --set figures.enabled=false

# near X Y TOLERANCE WHAT
near() {
  awk -v x="$1" -v y="$2" -v tol="$3" 'BEGIN {
    e = x - y; exit !(e <= tol && -e <= tol) }' ||
    fail "$4: $1, want $2 within $3"
}

# --- layout ----------------------------------------------------------------
printf '# two points\n\n  1.5\t1.25  \n-2e-1 +.5\n' >in
expect 0 probe run
is_empty err
[ "$(wc -l <out)" -eq 2 ] || fail "two points, $(wc -l <out) lines"
awk 'NF != 10 || $1 != 0.02 { exit 1 }' out ||
  fail "a line is t, v1, v2, log f, 2 and 4 derivatives"
# up to rounding: it is turned from the normalised axes to the user's
awk '$8 - $9 <= 1e-13 && $9 - $8 <= 1e-13 { n++ } END { exit n != 2 }' out ||
  fail "Hessian not symmetric"
[ "$(awk 'NR == 1 { print $2, $3 }' out)" = "1.5 1.25" ] ||
  fail "points come back changed"
printf '1.5 1.25' >in # no newline at the end
expect 0 probe run --time 0.02
[ "$(wc -l <out)" -eq 1 ] || fail "the last line needs a newline"
: >in
expect 0 probe run
is_empty out

# --- user's coordinates: the closed form at t = 0 --------------------------
cat >in <<'END'
1.9 1.55
0.3 2.4
3.7 -0.6
-2 -2
END
expect 0 probe run --time 0
while read -r x y value; do
  want=$(awk -v x="$x" -v y="$y" '
    function gaussian(w, mx, my, a, b, c,   det, dx, dy) {
      det = a * c - b * b; dx = x - mx; dy = y - my
      return w / (8 * atan2(1, 1) * sqrt(det)) * \
        exp(-(c * dx * dx - 2 * b * dx * dy + a * dy * dy) / (2 * det))
    }
    BEGIN {
      printf "%.15g", log(gaussian(0.5, 1, 2, 0.8, 0.2, 0.5) + \
        gaussian(1.5, 2.2, 1.4, 0.6, -0.1, 0.9))
    }')
  near "$value" "$want" 1e-7 "log f0($x, $y)"
done < <(awk '{ print $2, $3, $4 }' out)

# --- both coordinates: mean (1.9, 1.55), s^2 = 0.89375 by hand -------------
echo "1.9 1.55" >in
for t in 0 0.01 0.02; do
  expect 0 probe run --time "$t"
  read -r _ _ _ g q1 q2 G11 G12 _ G22 <out
  echo "0 0" >in
  expect 0 probe run --time "$t" --coordinates normalised
  read -r _ _ _ h p1 p2 H11 H12 _ H22 <out
  echo "1.9 1.55" >in
  calc() { awk "BEGIN { s2 = 0.89375; printf \"%.15g\", $1 }"; }
  near "$g" "$(calc "$h + log(2) - log(s2)")" 1e-7 "log f at the mean"
  near "$(calc "($q1)^2 + ($q2)^2")" \
    "$(calc "(($p1)^2 + ($p2)^2) / s2")" 1e-6 "|gradient|^2 at the mean"
  near "$(calc "$G11 + $G22")" "$(calc "($H11 + $H22) / s2")" 1e-6 "Laplacian"
  near "$(calc "$G11 * $G22 - ($G12)^2")" \
    "$(calc "($H11 * $H22 - ($H12)^2) / s2^2")" 1e-6 "Hessian's determinant"
done

# --- derivatives are those of the values, in the user's coordinates --------
for centre in "1.2 0.7" "2.9 3.1" "-0.4 1.1"; do
  read -r x y <<<"$centre"
  awk -v x="$x" -v y="$y" 'BEGIN {
    h = 0.02; print x, y
    for (k = -2; k <= 2; ++k) if (k) printf "%.17g %.17g\n", x + k * h, y
    for (k = -2; k <= 2; ++k) if (k) printf "%.17g %.17g\n", x, y + k * h
  }' >in
  expect 0 probe run
  awk '
    { for (k = 4; k <= 10; ++k) f[NR, k] = $k }
    function slope(k, from) {
      return (f[from, k] - 8 * f[from + 1, k] + 8 * f[from + 2, k] - \
        f[from + 3, k]) / (12 * 0.02)
    }
    function check(got, want, what) {
      if (got - want > 2e-5 || want - got > 2e-5) {
        print what ": " got ", finite difference " want; bad = 1
      }
    }
    END {
      check(f[1, 5], slope(4, 2), "grad_1"); check(f[1, 6], slope(4, 6), "grad_2")
      check(f[1, 7], slope(5, 2), "hess_11"); check(f[1, 8], slope(5, 6), "hess_12")
      check(f[1, 9], slope(6, 2), "hess_21"); check(f[1, 10], slope(6, 6), "hess_22")
      exit bad
    }' out >differences || fail "derivatives at $centre: $(cat differences)"
done

# --- what is refused -------------------------------------------------------
# points: the lines before the wrong one are answered
wrong_point() {
  printf '0 1\n%b\n2 2\n' "$1" >in
  expect 2 probe run
  says err "standard input:2: "
  says err "$2"
  [ "$(wc -l <out)" -eq 1 ] || fail "\"$1\": $(wc -l <out) lines answered"
}
wrong_point "1" "a point has 2 finite numbers"
wrong_point "1 2 3" "a point has 2 numbers, not more"
wrong_point "1,2" "a point has 2 finite numbers"
wrong_point "1.02.0" "a point has 2 finite numbers"
wrong_point "1-2" "a point has 2 finite numbers"
wrong_point "one two" "a point has 2 finite numbers"
wrong_point "nan 1" "a point has 2 finite numbers"
wrong_point "1 inf" "a point has 2 finite numbers"
wrong_point "1e999 0" "a point has 2 finite numbers"
wrong_point "1 2 # here" "a point has 2 numbers, not more"
wrong_point '1 2\0' "zero byte"
wrong_point "1000 0" "outside"
wrong_point "0 -1000" "outside"
: >in
refuses 2 "stored times are 0 0.01 0.02" probe run --time 0.015
refuses 2 "stored times are 0 0.01 0.02" probe run --time nan
refuses 2 "--time takes a number" probe run --time soon
refuses 2 "--time takes a number" probe run --time ""
refuses 2 "--time needs a value" probe run --time
expect 0 probe run --time 1e-2

# --- an unfinished run: the states so far ----------------------------------
mkdir unfinished
cp run/case.toml unfinished
cp run/solution.h5 unfinished/checkpoint.h5
echo "1 1" >in
expect 0 probe unfinished --time 0.01
[ -s out ] || fail "an interrupted run cannot be probed"

finish
