#!/usr/bin/env bash
# Any limit of memory: a command ends with what it came for, or with exit code 3
# and one message, and then a finished run in its folder is as it was.
# LMX_LIMITS says how many limits each command gets (robust.memory_limits_long:
# forty), between what the loader needs and what the command needs.
# Options are split at blanks; quotes and what is in them is for TOML.
# shellcheck disable=SC2086,SC2089,SC2090,SC2016,SC2010,SC2102,SC2143
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1
[ -z "${LMX_SANITIZE_FLAGS:-}" ] || exit 77 # they reserve terabytes
(ulimit -v 4000000 2>/dev/null && "$LANDAUMAX" --version >/dev/null) || exit 77
limits=${LMX_LIMITS:-7}
main_case=$cases/anisotropic_gaussian_2d.toml
tiny="--quiet --set figures.enabled=false --set time.end=0.01
  --set time.output=0.01"
total=0 whole=0 refused=0

# under KB COMMAND...: leaves its exit code in `code`; standard error in `err`
under() {
  local kilobytes=$1
  shift
  rm -rf dir
  [ ! -e old ] || cp -r old dir
  code=0
  { (ulimit -v "$kilobytes" && exec "$LANDAUMAX" "$@" >out 2>err </dev/null); } \
    2>/dev/null || code=$?
}

# the least limit, in KB, at which the program itself is loaded
least=20000
until (ulimit -v "$least" && exec "$LANDAUMAX" --version >/dev/null 2>&1); do
  least=$((least + 1000))
done

# enough COMMAND...: a limit at which the command ends well
enough() {
  top=$least
  code=3
  until [ "$code" -le 1 ] || [ "$top" -gt 8000000 ]; do
    top=$((top * 5 / 4))
    under "$top" "$@"
  done
  [ "$code" -le 1 ] || fail "$*: no limit is enough: $(cat err)"
}

# sweep NAME COMMAND...
sweep() {
  local name=$1 k limit
  shift
  enough "$@"
  for ((k = 0; k < limits; ++k)); do
    limit=$((least + (top - least) * k / limits + RANDOM % 500))
    under "$limit" "$@"
    total=$((total + 1))
    case $code in
    0 | 1) whole=$((whole + 1)) ;;
    127) ;; # not loaded
    3)
      refused=$((refused + 1))
      [ "$(wc -l <err)" -eq 1 ] || fail "$name, $limit KB: $(cat err)"
      says err "memory"
      [ ! -e old ] || diff -r -x attempt -x results.new old dir >difference ||
        fail "$name, $limit KB: the finished run changed: $(head -3 difference)"
      ;;
    4) # of gnuplot, which has the same limit
      grep -q gnuplot err || fail "$name, $limit KB: $(cat err)" ;;
    *) fail "$name, $limit KB: exit code $code: $(head -3 err)" ;;
    esac
  done
  echo "$name: $limits limits from $least to $top KB"
}

{
  expect 0 run "$main_case" --out old $tiny --set figures.enabled=true
  cp -r old finished
  sweep run run "$main_case" --out dir $tiny --set grid.points=160
  sweep "run, no preconditioner" run "$main_case" --out dir $tiny \
    --set grid.points=100 --set solver.preconditioner=none
  sweep "run, density form" run "$main_case" --out dir $tiny \
    --set solver.formulation=density --set grid.points=128
  sweep check check dir --quiet
  ! command -v gnuplot >/dev/null || sweep plot plot dir
  echo "1 1" >point
  sweep probe probe dir
  sweep "run, formula" run "$cases/formula_2d.toml" --out dir $tiny
  sweep "run, mixture" run "$cases/threefold_mixture_2d.toml" --out dir \
    $tiny --set grid.points=60
  rm -r old
  expect 0 moments "$main_case" --out old $tiny
  sweep moments moments "$main_case" --out dir $tiny
  sweep "moments of a run" moments "$main_case" --out dir --run finished $tiny
  rm -r old
  small="$tiny --set particles.number=[10,1000] --set particles.replicas=500"
  expect 0 particles "$main_case" --out old $small
  sweep particles particles "$main_case" --out dir $small \
    --set particles.seed=2
  rm -r old
  sweep converge converge "$main_case" --levels 3 --quiet \
    --set grid.points=24 --set time.end=0.01 --set time.output=0.01
  sweep audit audit --quiet --starts 2 --jets 100
}
echo "$total limits: $whole ended well, $refused were refused"
[ "$refused" -ge $((total / 10)) ] || fail "only $refused were refused"
finish
