#!/usr/bin/env bash
# The error of log f that a run estimates: on the terminal and in the reports,
# refined where it misses grid.accuracy, said where it cannot be.
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1

# 99.25 % of the bound on c: the valley at the origin is too narrow for the 128
# points of the first choice.
sharp="--set grid.points=\"auto\" --set initial.c=0.397
  --set time.end=0.1 --set time.output=0.01 --set figures.enabled=false"
# run CODE FOLDER ARGUMENTS
run() {
  local code=$1 folder=$2
  shift 2
  # shellcheck disable=SC2068 # split at blanks
  expect "$code" run "$cases/bkw_3d.toml" --out "$folder" $@
}
points() { sed -n 's/^points = //p' "$1/case.toml"; }
# number KEY: of the object accuracy of report.json
number() { sed -n "/\"accuracy\": {/,/}/s/.*\"$2\": \([^,]*\),*/\1/p" "$1/report.json"; }
below() { awk "BEGIN { exit !($1 <= $2) }"; }

run 0 refined "$sharp"
says err "asked for was 1.0e-06: solving again on a finer grid."
says out "after 1 solve on coarser grids; asked for was 1.0e-06."
says refined/report.txt "after 1 solve on"
says refined/report.html "after 1 solve on coarser grids"
[ "$(points refined)" -gt 128 ] || fail "refined to $(points refined) points"
[ "$(number refined refinements)" = 1 ] || fail "refinements in report.json"
below "$(number refined estimate)" 1e-6 || fail "estimate misses 1e-6"

# the estimate is not below the true error
true_error=$(sed -n '/"exact-error"/,/}/s/.*"value": \([^,]*\),/\1/p' \
  refined/report.json)
below "$true_error" "$(number refined estimate)" ||
  fail "true error $true_error above the estimate"

# what was refined is found again
run 0 refined "$sharp" --resume
says out "after 1 solve on coarser grids"
expect 0 check refined
says refined/report.txt "after 1 solve on"

# no finer grid than allowed: everything is written, and the exit code and the
# message say what the bound allows
run 2 bounded "$sharp" --set grid.max_points=128
says out "It misses that: a larger grid.max_points"
says err "grid.max_points=128: grid.max_points: is 128, an error of log f of at most"
[ "$(points bounded)" = 128 ] || fail "$(points bounded) points, allowed 128"
allowed=$(sed -n 's/.*by it is one of about \([^ ]*\)\. .*/\1/p' err)
below 1e-6 "$allowed" || fail "named as allowed: '$allowed'"
below "$(number bounded estimate)" "$allowed" || fail "allowed is below what it is"
run 2 bounded "$sharp" --set grid.max_points=128 --resume
says err "allowed by it is one of about $allowed"
expect 0 check bounded
says out "It misses that"
run 0 bounded "$sharp" --set grid.max_points=128 \
  --set "grid.accuracy=$allowed"
[ "$(points bounded)" -le 128 ] || fail "$(points bounded) points, allowed 128"

# given points are nobody's choice but the user's
run 0 given "$sharp" --set grid.points=200
[ "$(points given)" = 200 ] || fail "points changed to $(points given)"
says given/report.json '"accuracy": null'
! grep -q "is coarse" err || fail "200 points are called coarse"

# but few points for the data are named before they are solved on
expect 0 run "$cases/strong_anisotropy_2d.toml" --out coarse \
  --set initial.variances='[1.8,0.2]' --set time.end=0.01 \
  --set time.output=0.01 --set grid.points='[100,50]' \
  --set checks.list='["eq-3.5"]' --set figures.enabled=false
says err "grid.points: 100 x 50 is coarse for these data; an error of log f of"

# too large before anything is solved
run 2 refused "$sharp" --set grid.max_points=64
says err "grid.max_points: is 64, an error of log f of at most"
[ ! -e refused ] || fail "a refused run left a folder"
finish
