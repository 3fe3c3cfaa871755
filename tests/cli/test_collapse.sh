#!/usr/bin/env bash
# A solve whose steps collapse says where, and what to change, and that is
# true: each kind of collapse is provoked, its message read, and what it
# advises is done, after which the same case is solved.
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1
quick="--quiet --set figures.enabled=false"

# case NAME END LINES: a case of two dimensions with these lines
write_case() {
  printf 'dimension = 2\n%s\n[time]\nend = %s\noutput = %s\n' "$3" "$2" "$2" \
    >"$1.toml"
}
formula() {
  printf '[initial]\nkind = "formula"\nlog_density = "%s"\n' "$1"
}
beams() { # beams X: two far ones around (X, 0)
  printf '[initial]\nkind = "mixture"\ncomponents = [\n'
  printf ' {weight = 1, mean = [%s, 0], variances = [0.3, 0.5]},\n' \
    "$(($1 - 3))"
  printf ' {weight = 2, mean = [%s, 1], variances = [0.4, 0.3]},\n]\n' \
    "$(($1 + 2))"
}

# collapses NAME OPTIONS...: exit code 3, one line that begins as it should;
# the advice is left in the files first and density, either may be empty
collapses() {
  local name=$1
  shift
  # shellcheck disable=SC2086
  refuses 3 "CVODE stopped at t = " run "$name.toml" --out "$name" $quick "$@"
  says err "; |d_t log f| is largest at x = ("
  [ "$(wc -l <err)" -eq 1 ] || fail "$name: more than one line"
  says "$name/failed.txt" "$(sed 's/^landaumax: //' err)"
  sed 's/; the states up to.*//; s/; or solve for f .*//' err |
    grep -oE -- "--set [a-z._]+=('[^']*'|[^ ;]+)" >first
  sed -n 's/; the states up to.*//; s/.*; or solve for f //p' err |
    grep -oE -- "--set [a-z._]+=('[^']*'|[^ ;]+)" >density
  cp err message
}

# solves NAME ADVICE OPTIONS...: with the advice (as typed into a shell) the
# same case is solved; its checks may fail on so few points
solves() {
  local name=$1 advice=$2 code=0
  shift 2
  [ -s "$advice" ] || fail "$name: no advice in $(cat message)"
  # shellcheck disable=SC2086
  eval "\"\$LANDAUMAX\" run $name.toml --out $name $quick \"\$@\"" \
    "$(tr '\n' ' ' <"$advice")" >out 2>err || code=$?
  [ "$code" -le 1 ] ||
    fail "$name with $(cat "$advice"): exit code $code: $(cat err)"
  [ -s "$name/solution.h5" ] || fail "$name: not solved"
}

# --- a corner of the box ------------------------------------------------------
# Waves that are even in both components, in a wide box.
write_case corner 0.004 "$(formula "-r^2/2 + 0.3*cos(3*v1 + v2)")"
collapses corner --set grid.points=96 --set grid.half_width=12 \
  --set 'grid.axes=["mirrored", "mirrored"]'
says message "outside the checked ball |v| <= 6"
says message "this is a corner of the box"
grep -q "too coarse" message && fail "corner: the data is resolved"
says first "--set grid.axes='[\"full\", \"mirrored\"]'"
says first "--set grid.points='[192, 96]'"
solves corner first --set grid.half_width=12
# where nobody asked for these axes the run does so itself
took=0
"$LANDAUMAX" run corner.toml --out taken --set figures.enabled=false \
  --set grid.points=96 --set grid.half_width=12 >out 2>err || took=$?
[ "$took" -le 1 ] || fail "corner: exit code $took, not solved on the ball"
says err "solving again on the ball |v| <= 12"
says taken/case.toml 'axes = ["full", "mirrored"]'
says taken/case.toml 'points = [192, 96]'

# --- a ball with one spacing twice the other ------------------------------------
write_case uneven 0.008 "$(formula "-r^2/2 + 0.5*sin(2*v1)*cos(3*v2) + 0.2*v1")"
collapses uneven --set 'grid.points=[96, 96]' --set grid.half_width=8
says message "the axes of a ball need about the same spacing"
grep -q "too coarse" message && fail "uneven: the data is resolved"
says first "--set grid.points='[192, 96]'"
solves uneven first --set grid.half_width=8
solves uneven density --set grid.half_width=8
says uneven/case.toml 'formulation = "density"'
# not the number of points: it stops with more, and is solved with fewer
expect 3 run uneven.toml --out more --quiet --set figures.enabled=false \
  --set 'grid.points=[128, 128]' --set grid.half_width=8
solved=0
"$LANDAUMAX" run uneven.toml --out fewer --quiet --set figures.enabled=false \
  --set grid.points=96 --set grid.half_width=8 2>err || solved=$?
[ "$solved" -le 1 ] || fail "uneven: with fewer points: $(cat err)"

# --- a grid that is too coarse --------------------------------------------------
# Far from the origin of the user's coordinates, in which the place is given;
# the means of two beams there are told apart by 5, the edge is 20 away.
write_case coarse 0.005 "$(beams 1000)"
collapses coarse --set grid.points=64
says message "the grid is too coarse"
says first "--set grid.points='[96, 96]'"
[ ! -s density ] || fail "coarse: the density form is blind between the beams"
x=$(sed -n 's/.*x = (\([0-9.e+-]*\), .*/\1/p' message)
awk -v x="$x" 'BEGIN { exit !(x > 950 && x < 1050) }' ||
  fail "coarse: x = $x is not in the user's coordinates"
solves coarse first

# --- beyond three dimensions there is no density form -----------------------------
cp "$cases/axisymmetric_gaussian_5d.toml" high.toml
collapses high --set initial.variances='[4.9, 0.025, 0.025, 0.025, 0.025]' \
  --set grid.points=24 --set 'grid.axes=["mirrored", "radial"]'
says message "this is a corner of the box"
[ ! -s density ] || fail "high: the density form in d = 5"
grep -q "density" message && fail "high: names the density form"
solves high first

# --- converge ---------------------------------------------------------------------
# The coarsest of three grids stops, the others are compared.
write_case three 0.0055 "$(beams 0)"
loose="--set solver.rtol=1e-6 --set solver.atol=1e-8"
# shellcheck disable=SC2086
expect 0 converge three.toml --levels 3 --quiet --set grid.points=92 $loose
is_empty err
says out "not solved, grid 65: CVODE stopped at t = "
[ "$(grep -c '^grid .* nan ' out)" -eq 1 ] || fail "one grid has no numbers"
[ "$(grep -c '^not solved' out)" -eq "$(grep -c '^[gbt].* nan ' out)" ] ||
  fail "not one reason for each failure"
grep '^grid' out | grep -q ' 0.00e+00 ' || fail "no finest grid"
grep -q 'log f nan' out && fail "the case was solved, its error is missing"
# The case itself stops, the finer grid is solved: nothing to compare with.
# shellcheck disable=SC2086
refuses 3 "1 of 3 grids were solved, needed are two to compare" \
  converge three.toml --levels 3 --quiet --set grid.points=64 $loose
says err "the grid is too coarse"

finish
