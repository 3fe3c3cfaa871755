#!/usr/bin/env bash
# Every file in cases/ runs, shortened to two output times: all checks hold,
# and its error is measured where the comment promises an exact solution.
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1

count=0
for file in "$cases"/*.toml; do
  name=$(basename "$file" .toml)
  count=$((count + 1))
  [ "$(head -c 10 "$file")" = "# Purpose:" ] || fail "$name: no purpose"
  grep -q '^# Run time: ' "$file" || fail "$name: no run time"
  expect 0 run "$file" --set time.end=0.004 --set time.output=0.002 \
    --set figures.enabled=false
  whole "runs/$name"
  grep -qE '"status": "fails"' "runs/$name/report.json" &&
    fail "$name: a check failed although the exit code is 0"
  # the case as run is a case that runs, to the same folder
  expect 0 run "runs/$name/case.toml" --out "runs/$name" --resume --quiet
done
[ "$count" -ge 9 ] || fail "only $count cases"

for name in stationary_gaussian_2d anisotropic_gaussian_2d bkw_2d bkw_3d \
  radial_mixture_3d threefold_mixture_2d axisymmetric_gaussian_5d; do
  grep -q "^exact-error (holds)" "runs/$name/report.txt" ||
    fail "$name: not held against its exact solution"
done

finish
