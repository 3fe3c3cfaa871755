#!/usr/bin/env bash
# A hundred kills (LMX_KILLS) at random moments of run, check, plot, moments and
# particles over a finished run: it stays whole, old or new, whatever comes
# next works, and nothing temporary outlives that. LMX_SEED repeats a failure.
# Options are split at blanks; quotes and what is in them is for TOML.
# shellcheck disable=SC2086,SC2089,SC2090,SC2016,SC2010,SC2102,SC2143
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1
seed=${LMX_SEED:-$$}
RANDOM=$seed
echo "LMX_SEED=$seed"
kills=${LMX_KILLS:-100}
main_case=$cases/anisotropic_gaussian_2d.toml
tiny="--quiet --set grid.points=40 --set time.output=0.01
  --set checks.list=[\"thm-2.3\",\"H\"]"
declare -A hit

# milliseconds that a command takes
timed() {
  local begin
  begin=$(date +%s%N)
  "$LANDAUMAX" "$@" >out 2>err || fail "$*: $(cat err)"
  took=$((($(date +%s%N) - begin) / 1000000 + 1))
}

# killed NAME OLD NEXT COMMAND...: OLD is a finished run; NEXT completes
killed() {
  local name=$1 old=$2 next=$3 code program milliseconds
  shift 3
  rm -rf dir
  cp -r "$old" dir
  timed "$@"
  rm -rf new
  cp -r dir new
  for ((k = 0; k < kills / 5; ++k)); do
    rm -rf dir
    cp -r "$old" dir
    milliseconds=$((RANDOM * RANDOM % (took + took / 10)))
    code=0
    "$LANDAUMAX" "$@" >out 2>err &
    program=$!
    sleep "$(printf '%d.%03d' $((milliseconds / 1000)) $((milliseconds % 1000)))"
    kill -KILL "$program" 2>/dev/null
    wait "$program" 2>/dev/null || code=$?
    [ "$code" -eq 137 ] || [ "$code" -eq 0 ] || fail "$name: exit code $code"
    [ "$code" -ne 137 ] || hit[$name]=$((${hit[$name]:-0} + 1))
    "$LANDAUMAX" $next >out 2>err
    [ ! -e dir/results.ready ] || fail "$name at $milliseconds ms: not complete"
    rm -rf dir/results.new
    find dir -name '*.tmp*' -delete
    sound dir
    for file in case.toml report.json report.txt report.html; do
      [ -s "dir/$file" ] || fail "$name at $milliseconds ms: no $file"
    done
    # all of one run: case and tables are both the old or both the new ones
    for run in "$old" new; do
      cmp -s "dir/case.toml" "$run/case.toml" &&
        diff -r "dir/tables" "$run/tables" >/dev/null && break
      [ "$run" = "$old" ] ||
        fail "$name at $milliseconds ms: neither the old run nor the new"
    done
    rm -rf dir/attempt
    "$LANDAUMAX" "$@" >out 2>err || fail "$name again: $(cat err)"
    [ -z "$(find dir -name '*.tmp*' -o -name 'results.*' -o -name attempt)" ] ||
      fail "$name at $milliseconds ms: something is left: $(find dir)"
  done
}

{
  expect 0 run "$main_case" --out solved $tiny --set time.end=0.02
  killed run solved "probe dir" run "$main_case" --out dir $tiny \
    --set time.end=0.05 --checkpoint 0
  killed check solved "probe dir" check dir --quiet
  killed plot solved "probe dir" plot dir
  expect 0 moments "$main_case" --out exact $tiny --set time.end=0.02
  killed moments exact "check dir" moments "$main_case" --out dir $tiny \
    --set time.end=0.05
  small="$tiny --set particles.number=[50] --set particles.replicas=2000"
  expect 0 particles "$main_case" --out simulated $small --set time.end=0.02
  killed particles simulated "check dir" particles "$main_case" --out dir \
    $small --set time.end=0.05
}
for name in "${!hit[@]}"; do
  echo "$name: ${hit[$name]} kills hit"
done
finish
