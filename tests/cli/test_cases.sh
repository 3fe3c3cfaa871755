#!/usr/bin/env bash
# Every file in cases/ runs, up to its first output time: all checks hold, or
# those fail that its comment announces ("# Expected: exit code 1; fails: ID
# ..."), and its error is measured where the comment promises an exact solution.
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1

count=0
for file in "$cases"/*.toml; do
  name=$(basename "$file" .toml)
  count=$((count + 1))
  [ "$(head -c 10 "$file")" = "# Purpose:" ] || fail "$name: no purpose"
  grep -q '^# Run time: ' "$file" || fail "$name: no run time"
  fails=$(sed -n 's/^# Expected: exit code 1; fails: //p' "$file")
  code=$((${#fails} > 0))
  first=$(sed -n 's/^output = \[*\([0-9.]*\).*/\1/p' "$file")
  expect "$code" run "$file" --set time.end="$first" \
    --set time.output="$first" --set figures.enabled=false
  whole "runs/$name"
  got=$(sed -n 's/^\([^ ]*\) (fails)$/\1/p' "runs/$name/report.txt" | xargs)
  [ "$got" = "$fails" ] || fail "$name: fails: $got, announced: $fails"
  # the case as run is a case that runs, to the same folder
  expect "$code" run "runs/$name/case.toml" --out "runs/$name" --resume --quiet
done
[ "$count" -ge 21 ] || fail "only $count cases"

for name in stationary_gaussian_2d anisotropic_gaussian_2d bkw_2d bkw_3d \
  radial_mixture_3d threefold_mixture_2d axisymmetric_gaussian_5d \
  bkw_near_limit_5d; do
  grep -q "^exact-error (holds)" "runs/$name/report.txt" ||
    fail "$name: not held against its exact solution"
done

finish
