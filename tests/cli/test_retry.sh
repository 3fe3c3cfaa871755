#!/usr/bin/env bash
# The same folder again: after a failure (exit code 3) it takes another case
# at once; a finished run in it stays until another is solved, whatever
# becomes of that one; an interrupted run is never replaced unasked.
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1
quick="--quiet --set figures.enabled=false"
main_case=$cases/anisotropic_gaussian_2d.toml
solvable="$quick --set grid.points=40 --set time.end=0.02 --set time.output=0.01"
# the tail ratio needs a spacing of about a tenth of what this grid has, and
# the ball is not to be tried
hopeless="$quick --set grid.points=16 --set initial.variances=[1.99,0.01]
  --set grid.axes=[\"mirrored\",\"mirrored\"]
  --set time.end=0.1 --set time.output=[0.0001]"
endless="$quick --set grid.points=256 --set time.end=50"

# run CODE FOLDER OPTIONS [ARGUMENTS]: options are split at blanks
run() {
  local code=$1 folder=$2
  shift 2
  # shellcheck disable=SC2068
  expect "$code" run "$main_case" --out "$folder" $@
}

# interrupted FOLDER WORK OPTIONS: stopped once WORK has a checkpoint
interrupted() {
  local folder=$1 work=$2 code=0 program
  shift 2
  # shellcheck disable=SC2068
  "$LANDAUMAX" run "$main_case" --out "$folder" $@ --checkpoint 0.02 \
    >out 2>err &
  program=$!
  until [ -s "$work/checkpoint.h5" ] || ! kill -0 "$program" 2>/dev/null; do
    sleep 0.01
  done
  kill -INT "$program"
  wait "$program" || code=$?
  [ "$code" -eq 130 ] || fail "interrupted in $folder: exit code $code"
}

# --- a failed run ------------------------------------------------------------
run 3 failed "$hopeless"
cp err first
[ "landaumax: $(cat failed/failed.txt)" = "$(cat first)" ] ||
  fail "failed.txt says something else: $(cat failed/failed.txt)"
says failed/case.toml "points = [16, 16]"
refuses 4 "it failed for the reason in failed/failed.txt" check failed
refuses 4 "it failed for the reason in failed/failed.txt" plot failed
sound failed
# --resume goes on from its states, and ends where it ended
run 3 failed "$hopeless" --resume
says err "CVODE stopped at t = 0.0001"
[ -s failed/failed.txt ] || fail "no failed.txt after resuming"
refuses 2 "holds the run of another case" run "$main_case" --out failed \
  --resume --set figures.enabled=false
# another failure
run 3 failed "$hopeless" --set grid.points=18
says failed/case.toml "points = [18, 18]"
# and success, as in a new folder
run 0 failed "$solvable"
whole failed
run 0 new "$solvable"
diff <(cd new && find . | sort) <(cd failed && find . | sort) ||
  fail "something of the failed run is left"
cmp -s new/case.toml failed/case.toml || fail "case.toml differs"
cmp -s new/tables/growth_sup.dat failed/tables/growth_sup.dat ||
  fail "results differ from those in a new folder"

# --- a failed run over a finished one ----------------------------------------
run 3 failed "$hopeless"
says err "are in failed/attempt/checkpoint.h5; the finished run in failed is as"
says failed/attempt/failed.txt "CVODE stopped"
mv failed/attempt attempt
diff <(cd new && find . | sort) <(cd failed && find . | sort) ||
  fail "a failed run took something of the finished one"
for file in case.toml tables/growth_sup.dat; do
  cmp -s "new/$file" "failed/$file" || fail "a failed run changed $file"
done
mv attempt failed/attempt
expect 0 check failed
echo "1 1" >in
expect 0 probe failed --time 0.02
expect 0 probe failed/attempt --time 0.0001
: >in
# the next may fail, too, or succeed
run 3 failed "$hopeless" --resume
says err "failed/attempt/checkpoint.h5"
run 0 failed "$solvable" --set time.end=0.03
whole failed
says failed/case.toml "end = 0.03"
[ ! -e failed/attempt ] || fail "the attempt is left"
diff <(cd new && find . | sort) <(cd failed && find . | sort) ||
  fail "a replaced run holds other files"

# --- an interrupted run over a finished one ----------------------------------
cp -r failed before
interrupted failed failed/attempt "$endless"
[ ! -e failed/attempt/failed.txt ] || fail "an interruption is no failure"
diff -r failed before | grep -vqx 'Only in failed: attempt' &&
  fail "an interrupted run changed the finished one"
cp -r failed copy
refuses 2 "failed/attempt holds an interrupted run" run "$main_case" \
  --out failed --set figures.enabled=false
refuses 2 'this case "end = 50.5"' run "$main_case" --out failed --resume \
  --set figures.enabled=false --set grid.points=256 --set time.end=50.5
diff -r failed copy >/dev/null || fail "a refused run changed the folder"
rm -r failed/attempt copy

# a kill when the solution in the attempt was complete: --resume does the rest
# (kills in the midst of the exchange: robust.exchange)
longer="$solvable --set time.end=0.04 --checkpoint 0"
run 0 wanted "$longer"
for stage in solved checked; do
  rm -rf failed
  cp -r before failed
  mkdir failed/attempt
  cp wanted/case.toml wanted/solution.h5 failed/attempt
  [ "$stage" = solved ] || cp -r wanted/tables wanted/report.txt failed/attempt
  refuses 2 "holds an interrupted run" run "$main_case" --out failed
  run 0 failed "$longer" --resume
  whole failed
  [ ! -e failed/attempt ] || fail "$stage: the attempt is left"
  cmp -s failed/solution.h5 wanted/solution.h5 || fail "$stage: solved again"
  diff <(cd wanted && find . | sort) <(cd failed && find . | sort) ||
    fail "$stage: other files"
done

# --- particles and moments ---------------------------------------------------
small="--quiet --set figures.enabled=false --set particles.number=[4]
  --set particles.replicas=4 --set time.end=0.1 --set time.output=0.1"
for command in particles moments; do
  # shellcheck disable=SC2086
  expect 0 "$command" "$main_case" --out other $small
  [ -s other/report.json ] || fail "$command: no report"
  # shellcheck disable=SC2086
  expect 0 "$command" "$main_case" --out other $small --set time.end=0.2
  says other/case.toml "end = 0.2"
  [ ! -e other/attempt ] || fail "$command: an attempt is left"
done

finish
