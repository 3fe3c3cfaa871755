#!/usr/bin/env bash
# landaumax moments: every case of cases/moments, the run directory, Theorem
# 1.7 from a finished run, and what is refused.
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1

for file in "$cases"/moments/*.toml; do
  name=$(basename "$file" .toml)
  [ "$(head -c 10 "$file")" = "# Purpose:" ] || fail "$name: no purpose"
  grep -q '^# Run time: ' "$file" || fail "$name: no run time"
  expect 0 moments "$file" --set figures.enabled=false
  says out "Verdicts: "
  says out "misprints, as expected"
  says out "Report: runs/${name}_moments/report.html"
  folder=runs/${name}_moments
  for part in case.toml report.txt report.json tables/moments.dat \
    tables/lln.dat tables/section5.dat; do
    [ -s "$folder/$part" ] || fail "$name: no $part"
  done
  whole_page "$folder"
  # the case as written is a case; over the old results
  expect 0 moments "$folder/case.toml" --out "$folder" --quiet
  [ ! -s out ] || fail "--quiet is not quiet"
done
[ -s runs/maxwellian_2d_moments/tables/entropy_bound.dat ] ||
  fail "f0 = M without a bound of the entropy"
[ ! -e runs/mixture_2d_moments/tables/entropy_bound.dat ] ||
  fail "a bound of the entropy from nowhere"

# json on standard output is the report
expect 0 moments "$cases/moments/mixture_2d.toml" --out j --json \
  --set figures.enabled=false --set 'moments.particles=[5, 50, "infinity"]'
cmp -s out j/report.json || fail "--json is not report.json"
says out '"expected": "fails"'
says j/case.toml 'particles = [5, 50, "infinity"]'

# N times the left side of (2.5) at t = 0 and 0.5 for temperatures 1.6, 0.4
cat >gaussian.toml <<'END'
dimension = 2
[initial]
kind = "gaussian"
variances = [1.6, 0.4]
[time]
end = 0.5
output = 0.5
[moments]
particles = [10, 100]
[figures]
enabled = false
END
expect 0 moments gaussian.toml --out g
awk '$1 == 0 && $2 == 10 { printf "%.3f\n", $3 }
  $1 == 0.5 && $2 == 10 { printf "%.3f\n", $3 }' g/tables/moments.dat >numbers
[ "$(paste -sd' ' numbers)" = "19.904 41.838" ] ||
  fail "N LHS of (2.5) is $(paste -sd' ' numbers)"

# figures
if command -v gnuplot >/dev/null; then
  expect 0 moments "$cases/moments/maxwellian_2d.toml" --out f --quiet
  for figure in lln section5 entropy_bound; do
    [ -s "f/figures/$figure.png" ] || fail "no figure $figure"
  done
  whole_page f
  [ "$(grep -c '^<img' f/report.html)" -eq 3 ] || fail "not three pictures"
  says f/report.html "exact, since f = M"
  rm f/report.html
  expect 0 plot f
  whole_page f
fi

# Theorem 1.7 from a finished run of the same data
mild=$cases/anisotropic_gaussian_2d.toml
set=(--set time.end=0.2 --set time.output=0.1 --set figures.enabled=false)
expect 0 run "$mild" --out run --quiet --set grid.points=40 "${set[@]}"
expect 0 moments "$mild" --run run --out with --quiet "${set[@]}" \
  --set 'moments.particles=[10, 100]'
says with/report.txt "sampled on |v| <= 6"
says with/report.html '<td class="text">sampled</td>'
says with/report.json '"hessian_radius": 6.0'
[ "$(grep -c '^[0-9]' with/tables/entropy_bound.dat)" -eq 6 ] ||
  fail "entropy_bound.dat has not three times for two N"

# refused, with nothing left behind
refuses 2 "is the run of other initial data" \
  moments "$cases/moments/mixture_2d.toml" --run run --out no
refuses 2 "holds a solved run" moments gaussian.toml --out run
[ -s run/solution.h5 ] || fail "a solved run was replaced"
refuses 4 "is not a run directory" moments gaussian.toml --run none --out no
refuses 2 "whole number" moments gaussian.toml --out no \
  --set 'moments.particles=[2.5]'
refuses 2 "no option" moments gaussian.toml --resume
refuses 2 "usage: landaumax moments" moments
[ ! -e no ] || fail "a refused command leaves a folder"

# formulas need the grid for their fourth moments
expect 0 moments "$cases/formula_2d.toml" --out formula --quiet \
  --set figures.enabled=false
says formula/report.txt "The fourth moments come from a quadrature"

finish
