#!/usr/bin/env bash
# Runs that are killed or interrupted at random moments and resumed come to
# the uninterrupted result within ten times the tolerance; whatever the
# moment, every file in the folder is whole, and nothing temporary outlives
# the next run.  LMX_SEED repeats a failure.
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1
seed=${LMX_SEED:-$$}
RANDOM=$seed
echo "LMX_SEED=$seed"
main_case=$cases/anisotropic_gaussian_2d.toml
density="--set solver.formulation=density --set grid.points=96
  --set time.end=0.2 --set time.output=0.05"

# a run that is still under way whenever it is signalled
endless="--set grid.points=256 --set time.end=50"

now() { date +%s%N; }

# Points "x y" of the ball |v| <= 7.
awk -v seed="$seed" 'BEGIN {
  srand(seed)
  for (i = 0; i < 200; ++i) {
    r = 7 * rand(); a = 8 * atan2(1, 1) * rand()
    print r * cos(a), r * sin(a)
  }
}' >points

# as_good DIR REFERENCE WHAT TIMES...: u = log f/M (or f, WHAT = density)
# differs by at most 10 (atol + rtol max|u|), the maximum up to this time: what
# a step adds to a conserved moment does not decay with u
as_good() {
  local dir=$1 reference=$2 what=$3 largest=0 t
  shift 3
  cp points in
  for t in "$@"; do
    expect 0 probe "$reference" --time "$t"
    mv out wanted
    expect 0 probe "$dir" --time "$t"
    paste wanted out | awk -v what="$what" -v largest="$largest" '
      function unknown(log_f) {
        if (what == "density")
          return exp(log_f)
        return log_f + ($2 * $2 + $3 * $3) / 2 + log(8 * atan2(1, 1))
      }
      function size(x) { return x < 0 ? -x : x }
      $4 != "nan" && $4 != "-nan" {
        ++n
        x = unknown($4); y = unknown($14)
        if (size(x - y) > worst || y != y) worst = size(x - y)
        if (size(x) > largest) largest = size(x)
      }
      END {
        atol = what == "density" ? 1e-10 * largest : 1e-10
        bound = 10 * (atol + 1e-8 * largest)
        printf "%.3g of %.3g %.17g\n", worst, bound, largest
        exit !(n > 50 && worst <= bound)
      }' >distance ||
      fail "$dir at t = $t: u is off by $(cat distance)"
    read -r _ _ _ largest <distance
  done
  : >in
}

# started ARGUMENTS...: a run in the background, its process in `program`
started() {
  "$LANDAUMAX" run "$@" >out 2>err &
  program=$!
}

# ended SIGNAL: signals it; leaves its exit code in `code`
ended() {
  kill "-$1" "$program" 2>/dev/null
  code=0
  wait "$program" 2>/dev/null || code=$?
}

# killed SIGNAL SECONDS ARGUMENTS...: starts a run and signals it then
killed() {
  local signal=$1 seconds=$2
  shift 2
  started "$@"
  sleep "$seconds"
  ended "$signal"
}

# await COMMAND...: waits until the command is true; 1 if the run ends before.
# A moment in a run is known by what it has written, not by the clock.
await() {
  until "$@" 2>/dev/null; do
    kill -0 "$program" 2>/dev/null || return 1
    sleep 0.01
  done
}

# between LOW HIGH: random milliseconds, as seconds in `pause`
between() {
  local ms=$(($1 + RANDOM % ($2 - $1)))
  printf -v pause '%d.%03d' $((ms / 1000)) $((ms % 1000))
}

# every file that is there is whole; temporaries may be there after a kill
sound_but_for_temporaries() {
  find "$1" -name '*.tmp*' -delete
  sound "$1"
}

# --- kill -9 in the middle of the integration ------------------------------
log_options="--quiet --set figures.enabled=false --set grid.points=64"
begin=$(now)
# shellcheck disable=SC2086
expect 0 run "$main_case" --out reference $log_options
took=$((($(now) - begin) / 1000000)) # milliseconds
kills=0
window=$((took * 2 / 5))
for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
  between 20 $((21 + window))
  # shellcheck disable=SC2086
  killed KILL "$pause" "$main_case" --out killed $log_options --resume \
    --checkpoint 0.02
  if [ "$code" -eq 0 ]; then # the machine was faster than when it was timed
    [ "$kills" -lt 2 ] || break
    rm -rf killed
    window=$((window / 2))
    kills=0
    continue
  fi
  [ "$code" -eq 137 ] || fail "killed: exit code $code"
  kills=$((kills + 1))
  if [ -e killed ]; then
    cp -r killed copy
    sound_but_for_temporaries copy
    rm -rf copy
  fi
  [ "$kills" -lt 5 ] || break
done
[ "$kills" -ge 2 ] || fail "only $kills kills hit"
# shellcheck disable=SC2086
expect 0 run "$main_case" --out killed $log_options --resume
whole killed
[ ! -e killed/checkpoint.h5 ] || fail "a checkpoint of a finished run"
as_good killed reference log 0.02 0.05 0.1 0.2 0.3 0.4 0.5 0.75 1
cmp -s killed/case.toml reference/case.toml || fail "case.toml differs"

# The states before the first kill are not computed again, and all of them
# are there.
cp points in
expect 2 probe killed --time 0.123
says err "stored times are 0 0.02 0.05 0.1 0.2 0.3 0.4 0.5 0.75 1"
: >in

# --- output times closer than the steps: none is passed over -----------------
dense="--set time.end=0.2 --set time.output=0.0005"
for _ in 1 2 3 4 5; do
  rm -rf dense
  # shellcheck disable=SC2086
  started "$main_case" --out dense $log_options $dense --checkpoint 0.02
  await [ -s dense/checkpoint.h5 ]
  ended KILL
  [ "$code" -ne 137 ] || break
done
[ "$code" -eq 137 ] || fail "dense: exit code $code"
# shellcheck disable=SC2086
expect 0 run "$main_case" --out dense $log_options $dense --resume
states=$(grep -vc '^#' dense/tables/temperatures.dat)
[ "$states" -eq 401 ] || fail "$states of 401 states after resuming"

# --- density form ----------------------------------------------------------
begin=$(now)
# shellcheck disable=SC2086
expect 0 run "$main_case" --out density_reference $log_options $density
took=$((($(now) - begin) / 1000000))
for _ in 1 2 3; do
  between 20 $((21 + took / 2))
  # shellcheck disable=SC2086
  killed KILL "$pause" "$main_case" --out density $log_options $density \
    --resume --checkpoint 0
done
# shellcheck disable=SC2086
expect 0 run "$main_case" --out density $log_options $density --resume
whole density
as_good density density_reference density 0.05 0.1 0.15 0.2

# --- resuming a finished run changes nothing -------------------------------
cp killed/solution.h5 before.h5
# shellcheck disable=SC2086
expect 0 run "$main_case" --out killed $log_options --resume
cmp -s killed/solution.h5 before.h5 || fail "resuming a finished run solved again"
whole killed
rm killed/report.json killed/tables/*.dat # as if killed before these
# shellcheck disable=SC2086
expect 0 run "$main_case" --out killed $log_options --resume
cmp -s killed/solution.h5 before.h5 || fail "a complete solution was not used"
whole killed
[ -s killed/tables/growth_sup.dat ] || fail "no tables after resuming"

# --- another case, or no --resume ------------------------------------------
# shellcheck disable=SC2086
started "$main_case" --out stopped $log_options $endless --checkpoint 0.02
await [ -s stopped/checkpoint.h5 ] || fail "$(cat err)"
ended INT
[ "$code" -eq 130 ] || fail "interrupted: exit code $code"
says err "continue with --resume"
[ "$(wc -l <err)" -eq 1 ] || fail "interrupted: more than one line"
is_empty out
[ -s stopped/checkpoint.h5 ] || fail "interrupted: no checkpoint"
[ ! -e stopped/solution.h5 ] || fail "interrupted: a solution"
sound stopped
cp -r stopped copy
# shellcheck disable=SC2086
refuses 2 'this case "end = 50.5"' run "$main_case" --out stopped \
  $log_options $endless --set time.end=50.5 --resume
# shellcheck disable=SC2086
refuses 2 "holds an interrupted run" run "$main_case" --out stopped \
  $log_options $endless
diff -r stopped copy >/dev/null || fail "a refused run changed the folder"
rm -rf copy

# --- a run over a finished one ----------------------------------------------
# killed before its first checkpoint it leaves the finished one as it was, and
# the next takes its place
cp -r killed over
# shellcheck disable=SC2086
started "$main_case" --out over $log_options $endless --checkpoint 1000
await grep -q "end = 50" over/attempt/case.toml || fail "$(cat err)"
ended KILL
[ "$code" -eq 137 ] || fail "over a finished run: exit code $code"
says over/attempt/case.toml "end = 50"
rm over/attempt/*.tmp* 2>/dev/null
[ "$(ls over/attempt)" = case.toml ] || fail "attempt: $(ls over/attempt)"
diff -r over killed | grep -vx 'Only in over: attempt' &&
  fail "the finished run was changed"
# shellcheck disable=SC2086
expect 0 run "$main_case" --out over $log_options --set time.end=0.2 \
  --set time.output=0.1
whole over
says over/case.toml "end = 0.2"
[ ! -e over/attempt ] || fail "the attempt is left"

# --- Ctrl-C, and again -----------------------------------------------------
for _ in 1 2 3; do
  between 50 400
  # shellcheck disable=SC2086
  killed INT "$pause" "$main_case" --out interrupted $log_options --resume
  [ "$code" -eq 130 ] || [ "$code" -eq 0 ] || fail "SIGINT: exit code $code"
  sound interrupted
  [ "$code" -eq 0 ] && break
done
# shellcheck disable=SC2086
expect 0 run "$main_case" --out interrupted $log_options --resume
whole interrupted
as_good interrupted reference log 0.02 0.1 0.3 1
# shellcheck disable=SC2086
started "$main_case" --out terminated $log_options $endless
await [ -e terminated/case.toml ] || fail "$(cat err)"
ended TERM
[ "$code" -eq 130 ] || fail "SIGTERM: exit code $code"
sound terminated

# --- two at once -----------------------------------------------------------
# shellcheck disable=SC2086
started "$main_case" --out busy $log_options $endless
await [ -e busy/case.toml ] || fail "$(cat err)"
# shellcheck disable=SC2086
refuses 2 "another landaumax is working there" run "$main_case" --out busy \
  $log_options $endless --resume
ended INT

# --- kill -9 at any stage of a short run -----------------------------------
short="--quiet --set time.end=0.004 --set time.output=0.002 --set grid.points=40
  --checkpoint 0"
command -v gnuplot >/dev/null && [ -d "$LMX_SOURCE_DIR/plots" ] ||
  short+=" --set figures.enabled=false"
begin=$(now)
# shellcheck disable=SC2086
expect 0 run "$main_case" --out short $short
took=$((($(now) - begin) / 1000000))
for i in 1 2 3 4; do
  between 1 $((took + 2))
  # shellcheck disable=SC2086
  killed KILL "$pause" "$main_case" --out "short$i" $short
  if [ -e "short$i" ]; then
    cp -r "short$i" copy
    sound_but_for_temporaries copy
    rm -rf copy
  fi
  # shellcheck disable=SC2086
  expect 0 run "$main_case" --out "short$i" $short --resume
  whole "short$i"
  diff <(cd short && find . | sort) <(cd "short$i" && find . | sort) ||
    fail "short$i holds other files"
done
as_good short1 short log 0.002 0.004

# --- what a kill in the middle of a write leaves ---------------------------
for file in case.toml checkpoint.h5 tables/moments.dat; do
  : >"short/$file.tmp4321"
done
expect 0 check short
sound short
mkdir torn
echo "half a line" >torn/case.toml.tmp77
# shellcheck disable=SC2086
expect 0 run "$main_case" --out torn $short
whole torn
mkdir theirs
echo keep >theirs/notes.tmp77
# shellcheck disable=SC2086
refuses 2 "not a run directory" run "$main_case" --out theirs $short
[ "$(cat theirs/notes.tmp77)" = keep ] || fail "a foreign file was touched"

finish
