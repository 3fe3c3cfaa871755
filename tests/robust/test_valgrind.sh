#!/usr/bin/env bash
# Small runs under valgrind: no use of memory that is not ours or was never
# written, nothing lost, no file left open.
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1
if ! command -v valgrind >/dev/null || [ -n "${LMX_SANITIZE_FLAGS:-}" ]; then
  echo "valgrind is not installed, or the program has sanitizers"
  exit 77
fi
program=$LANDAUMAX
cat >under_valgrind <<END
#!/bin/sh
exec valgrind --quiet --error-exitcode=99 --leak-check=full \\
  --errors-for-leak-kinds=definite,possible --log-file=$work/log.%p \\
  "$program" "\$@"
END
chmod +x under_valgrind
LANDAUMAX=$work/under_valgrind

clean() {
  local log
  for log in log.*; do
    [ ! -s "$log" ] || {
      fail "valgrind: $*"
      head -n 40 "$log" | sed 's/^/  | /'
    }
  done
  rm -f log.*
}

small="--quiet --set figures.enabled=false --set grid.points=56
  --set grid.half_width=6.5 --set solver.rtol=1e-4 --set solver.atol=1e-6
  --set time.end=0.001 --set time.output=0.0005 --checkpoint 1"
for name in anisotropic_gaussian_2d off_centre_mixture_2d radial_mixture_3d \
  axisymmetric_gaussian_5d formula_2d; do
  # coarse grids: the checks may fail, the memory may not
  # shellcheck disable=SC2086
  "$LANDAUMAX" run "$cases/$name.toml" --out "$name" $small >out 2>err
  [ $? -le 1 ] || fail "$name: $(cat err)"
  clean "run $name"
done
# shellcheck disable=SC2086
"$LANDAUMAX" run "$cases/anisotropic_gaussian_2d.toml" --out density $small \
  --set solver.formulation=density >out 2>err
[ $? -le 1 ] || fail "density form: $(cat err)"
clean "density form"

printf '0.5 0.5\n1 2\n' >in
expect 0 probe off_centre_mixture_2d
printf 'nonsense\n' >in
expect 2 probe off_centre_mixture_2d
: >in
clean probe
"$LANDAUMAX" check anisotropic_gaussian_2d >out 2>err
[ $? -le 1 ] || fail "check: $(cat err)"
clean check
rm radial_mixture_3d/report.*
# shellcheck disable=SC2086
"$LANDAUMAX" run "$cases/radial_mixture_3d.toml" --out radial_mixture_3d \
  $small --resume >out 2>err
[ $? -le 1 ] || fail "resume: $(cat err)"
clean resume
head -c 3000 off_centre_mixture_2d/solution.h5 >cut.h5
mv cut.h5 off_centre_mixture_2d/solution.h5
expect 4 check off_centre_mixture_2d
clean "a damaged solution"
for file in covariance_singular formula_empty points_too_few key_misspelled; do
  expect 2 run "$LMX_SOURCE_DIR/tests/robust/bad_cases/$file.toml"
done
clean "wrong cases"
expect 2 run "$cases/formula_2d.toml" --set initial.log_density=-w^2
expect 2 run "$cases/anisotropic_gaussian_2d.toml" --set 'grid.axes=["radial"]'
clean "late errors"
expect 0 help case
expect 0 help checks
clean help

finish
