#!/usr/bin/env bash
# Every command ends within two seconds of the first SIGINT or SIGTERM with exit
# code 130, whatever it is at, and with 4 when nobody reads what it prints.
# Options are split at blanks; quotes and what is in them is for TOML.
# shellcheck disable=SC2086,SC2089,SC2090,SC2016,SC2010,SC2102,SC2143
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1
main_case=$cases/anisotropic_gaussian_2d.toml
quick="--quiet --set figures.enabled=false"
now() { date +%s%N; }

# stops SIGNAL DELAY WHAT COMMAND...: in `dir`, standard input is the file `in`
# or the fifo `never`
stops() {
  local signal=$1 delay=$2 what=$3 code=0 begin took program
  shift 3
  "$LANDAUMAX" "$@" <"$input" >out 2>err &
  program=$!
  sleep "$delay"
  kill -0 "$program" 2>/dev/null || fail "$what: ended before: $(cat err)"
  begin=$(now)
  kill "-$signal" "$program"
  wait "$program" || code=$?
  took=$((($(now) - begin) / 1000000))
  [ "$code" -eq 130 ] || fail "$what, $signal: exit code $code: $(cat err)"
  # half a second for a machine with more to do
  [ "$took" -le 2500 ] || fail "$what, $signal: $took ms"
  [ "$(wc -l <err)" -le 1 ] || fail "$what: $(cat err)"
  says err "interrupted"
}

: >in
input=in
expect 0 run "$main_case" --out small $quick --set grid.points=40 \
  --set time.end=0.02 --set time.output=0.01
mkfifo never
exec 9<>never # open, and nobody writes
for signal in INT TERM; do
  input=never
  stops $signal 0.3 "probe that waits" probe small
  input=in
  # the data, the grid, the steps, the checks
  stops $signal 0.3 "run: data" run "$cases/threefold_mixture_2d.toml" \
    --out dir --quiet --set grid.points=400
  rm -rf dir
  stops $signal 1 "run: large steps" run "$main_case" --out dir $quick \
    --set grid.points=1200 --set time.end=50
  rm -rf dir
  stops $signal 1 "converge" converge "$main_case" --quiet \
    --set grid.points=400 --set time.end=50
  stops $signal 0.5 "audit" audit --all --starts 1000 --jets 100000 --quiet
  stops $signal 1 "particles" particles "$main_case" --out dir $quick \
    --set particles.number=[1000000] --set particles.replicas=100
  rm -rf dir
done

# --- a gnuplot that hangs and does not listen ------------------------------
mkdir bin
cat >bin/gnuplot <<'END'
#!/bin/sh
trap '' INT TERM HUP
while :; do sleep 0.1; done
END
chmod +x bin/gnuplot
for command in plot run; do
  rm -rf dir
  cp -r small dir
  arguments="plot dir"
  [ "$command" = plot ] || arguments="run $main_case --out dir --quiet
    --set grid.points=40 --set time.end=0.03 --set time.output=0.01"
  before=$(cksum dir/report.txt dir/solution.h5)
  PATH=$PWD/bin:$PATH stops TERM 1.5 "$command: gnuplot hangs" $arguments
  [ "$before" = "$(cksum dir/report.txt dir/solution.h5)" ] ||
    fail "$command: the finished run has changed"
  sleep 0.3
  pgrep -f "$PWD/bin/gnuplot" >/dev/null && fail "$command: a gnuplot is left"
done

# --- nobody reads ------------------------------------------------------------
printf '1 1\n%.0s' {1..20000} >many
"$LANDAUMAX" probe small <many 2>err | head -n 1 >out
[ "${PIPESTATUS[0]}" -eq 4 ] || fail "probe | head: not 4"
says err "standard output"
# an input without an end
yes '1 1' | timeout 20 "$LANDAUMAX" probe small 2>err | head -n 1 >out
[ "${PIPESTATUS[1]}" -eq 4 ] || fail "yes | probe | head: not 4"
for command in "help case" "check small" \
  "audit --quiet --dimension 2 --starts 1 --jets 10" \
  "converge $main_case --levels 3 --quiet --set grid.points=24
   --set time.end=0.01 --set time.output=0.01" "--version"; do
  code=0
  "$LANDAUMAX" $command >/dev/full 2>err </dev/null || code=$?
  [ "$code" -eq 4 ] || fail "$command, full: exit code $code: $(cat err)"
  code=0
  "$LANDAUMAX" $command >&- 2>err </dev/null || code=$?
  [ "$code" -eq 4 ] || fail "$command, closed: exit code $code: $(cat err)"
done
finish
