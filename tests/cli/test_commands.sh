#!/usr/bin/env bash
# The program seen from outside: exit codes, each provoked for real, messages
# on standard error and nowhere else, options, defaults, silence.
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1

# A case of a tenth of a second; its exact solution is known.
cat >small.toml <<'END'
dimension = 2

[initial]
kind = "radial_mixture"
weights = [0.75, 0.25]
variances = [0.8, 1.6]

[time]
end = 0.02
output = [0.01]

[figures]
enabled = false
END

# --- help and version ------------------------------------------------------
expect 0 --version
grep -qE '^landaumax [0-9]+\.[0-9]+\.[0-9]+$' out || fail "--version: $(cat out)"
is_empty err
expect 0 --help
says out "Commands:"
for command in run probe check plot converge help; do
  expect 0 --help
  grep -qE "^  $command +[a-z]" out || fail "--help does not list $command"
  expect 0 "$command" --help
  is_empty err
  says out "usage: landaumax $command"
  cp out by_option
  expect 0 help "$command"
  cmp -s out by_option || fail "help $command differs from $command --help"
done
# the options of the help are those of the program
expect 0 run --help
for option in --out --set --resume --checkpoint --quiet; do
  says out "$option"
done
expect 0 help case
says out "grid.half_width"
expect 0 help case --man
says out ".TP"
expect 0 help checks
says out "thm-2.3"

# --- wrong usage: 2 --------------------------------------------------------
refuses 2 "which command?"
refuses 2 'there is no command "solve"' solve
refuses 2 'there is no command "solve"' help solve
refuses 2 "one subject" help run probe
refuses 2 "CASE.toml is missing" run
refuses 2 "only one CASE.toml" run small.toml other.toml
refuses 2 "there is no option --fast" run small.toml --fast
refuses 2 "there is no option -x" run -qx small.toml
refuses 2 "there is no option --quiet=3" run small.toml --quiet=3
refuses 2 "--out needs a value" run small.toml --out
refuses 2 "-s needs a value" run small.toml -s
refuses 2 "--out takes a folder" run small.toml --out ""
for seconds in "" x 3x -1 nan; do
  refuses 2 "--checkpoint takes seconds" run small.toml --checkpoint "$seconds"
done
for levels in "" 2 19 3x; do
  refuses 2 "--levels takes" converge small.toml --levels "$levels"
done
refuses 2 "CASE.toml is missing" converge
refuses 2 "DIR is missing" probe
refuses 2 "DIR is missing" check
refuses 2 "DIR is missing" plot
refuses 2 "there is no option --all" check --all
refuses 2 "there is no option --all" plot --all
refuses 2 "only one DIR" check a b
refuses 2 '--coordinates is "polar"' probe a --coordinates polar
refuses 2 "usage: landaumax run" run
[ -z "$(find . -name runs)" ] || fail "wrong usage made a folder"

# --- wrong cases: 2 --------------------------------------------------------
refuses 2 "nowhere.toml: is missing, needed is a case file" run nowhere.toml
grep -q ":1:" err && fail "a missing case file has lines: $(cat err)"
refuses 2 "--set grid.points=64.5: grid.points: " \
  run small.toml --set grid.points=64.5
refuses 2 "--set grid.pionts=64: grid.pionts: " \
  run small.toml --set grid.pionts=64
[ ! -e runs ] || fail "a wrong case made a folder"

# --- a run: 0 --------------------------------------------------------------
expect 0 run small.toml
is_empty err # no progress: standard error is no terminal
says out "runs/small: "
whole runs/small
[ ! -e runs/small/checkpoint.h5 ] || fail "a checkpoint of a finished run"
[ ! -e runs/small/figures ] || fail "figures although not enabled"
expect 0 check runs/small
says out "0 fail"
expect 0 run -q small.toml --out quiet/below
is_empty out
is_empty err
whole quiet/below
cmp -s quiet/below/case.toml runs/small/case.toml ||
  fail "the same case is written differently"
mkdir -p folder/of && cp small.toml "folder/of/my.case.toml"
expect 0 run folder/of/my.case.toml --set title="a = b" \
  --set grid.points=40 --set grid.points=44 --set time.output=0.005
says runs/my.case/case.toml 'title = "a = b"'
says runs/my.case/case.toml "points = 44"
says runs/my.case/case.toml "output = [0.0, 0.005, 0.01, 0.015, 0.02]"
# case.toml runs again, to itself
expect 0 run runs/small/case.toml --out again
cmp -s again/case.toml runs/small/case.toml || fail "case.toml is no fixed point"
printf '0.3 0.4\n1 2\n' >in
expect 0 probe again
mv out values
expect 0 probe runs/small
cmp -s out values || fail "the same case gives other values"
: >in
# options may stand anywhere, and end with --
cp small.toml ./-odd.toml
expect 0 run --out odd --quiet -- -odd.toml

# --- a check fails: 1 ------------------------------------------------------
# another mixture of the same mass and energy is not what was solved
sed -i 's/weights = .*/weights = [0.5, 0.5]/; s/variances = .*/variances = [0.5, 1.5]/' \
  again/case.toml
refuses 2 "belongs to another case" check again
# a constant that is too small for the data
cp runs/small/case.toml again/case.toml
sed -i 's/^\[checks.constants\]/&\nC = 0.01\nC_prime = 0/' again/case.toml
expect 1 check again
says out "4 fail"
says err "4 of"
says again/report.txt "thm-2.3 (fails)"
grep -q '"status": "fails"' again/report.json || fail "report.json lacks the failure"
cp runs/small/case.toml again/case.toml
expect 0 check again
says again/report.txt "thm-2.3 (holds)"
says out "Report: again/report.html"
whole_page again
# a grid that is too coarse, in a run; quiet still says what is wrong
expect 1 run "$cases/anisotropic_gaussian_2d.toml" --out coarse --quiet \
  --set grid.points=16 --set time.end=0.1 --set time.output=0.05 \
  --set figures.enabled=false
is_empty out
says err "checks failed; see coarse/report.txt"
whole coarse
# and its figures are drawn all the same
if command -v gnuplot >/dev/null && [ -d "$LMX_SOURCE_DIR/plots" ]; then
  expect 1 run "$cases/anisotropic_gaussian_2d.toml" --out coarse --quiet \
    --set grid.points=16 --set time.end=0.1 --set time.output=0.05
  [ -s coarse/figures/growth_sup.png ] || fail "no figures after a failed check"
  whole_page coarse
  whole coarse
fi

# figures of a few checks only: what was not asked for is not drawn
if command -v gnuplot >/dev/null && [ -d "$LMX_SOURCE_DIR/plots" ]; then
  for id in thm-2.3 F-grad lem-4.6; do
    expect 0 run "$cases/anisotropic_gaussian_2d.toml" --out few --quiet \
      --set grid.points=40 --set time.end=0.05 --set time.output=0.05 \
      --set "checks.list=[\"$id\"]"
    [ -s few/figures/smallest_constants.png ] || fail "$id alone: no figures"
  done
  [ -s few/figures/lemma_4_6.png ] || fail "lem-4.6 alone is not drawn"
  # a check that changes nothing keeps the figures, another ball does not
  expect 0 check few
  [ -s few/figures/lemma_4_6.png ] || fail "check removed a figure in force"
  sed -i 's/^radius = .*/radius = 5.0/' few/case.toml
  expect 0 check few
  [ ! -e few/figures/lemma_4_6.png ] || fail "a figure of another ball is left"
  grep -q "^<img" few/report.html && fail "the page shows outdated figures"
  expect 0 plot few
  [ -s few/figures/lemma_4_6.png ] || fail "the figure is not drawn again"
fi

# a case that belongs to another solution altogether
cp again/case.toml saved.toml
sed -i 's/^dimension = 2/dimension = 3/' again/case.toml
refuses 2 "is not that of the case" check again
cp saved.toml again/case.toml
sed -i 's/^points = .*/points = [96]/' again/case.toml
refuses 2 "is not that of the case" check again

# --- the numerics fail: 3 --------------------------------------------------
refuses 3 "CVODE stopped at t = 0.00" run "$cases/strong_anisotropy_2d.toml" \
  --out failed --set grid.points=16 --set 'initial.variances=[1.99, 0.01]' \
  --set time.end=0.1 --set 'time.output=[0.0001]' \
  --set figures.enabled=false
says err "are in failed/checkpoint.h5"
says err "the grid is too coarse"
sound failed
# time that would stand still, the steps shrinking for ever, is a failure too
cat >still.toml <<'END'
dimension = 2
[initial]
kind = "formula"
log_density = "-r^4 - 100*v1^2"
END
refuses 3 "CVODE stopped at t = 0.000" run still.toml --out still \
  --set grid.points=64 --set 'grid.axes=["mirrored", "mirrored"]' \
  --set figures.enabled=false
sound still
[ ! -e failed/solution.h5 ] || fail "a failed run left a solution"
echo "1 1" >in
expect 0 probe failed --time 0.0001
: >in
refuses 4 "not finished" check failed
refuses 4 "not finished" plot failed

# --- input and output: 4 ---------------------------------------------------
refuses 4 "is not a run directory" check nowhere
refuses 4 "is not a run directory" plot nowhere
refuses 4 "cannot read" probe nowhere
mkdir hollow
refuses 4 "is not a run directory" check hollow
head -c 5000 runs/small/solution.h5 >again/solution.h5
cp saved.toml again/case.toml
refuses 4 "solution.h5" check again
refuses 4 "solution.h5" probe again
for target in /dev/full -; do
  [ "$target" = - ] || [ -e "$target" ] || continue
  for arguments in --version help "help case" "help checks" "check runs/small" \
    "run small.toml --out lost" "probe runs/small"; do
    got=0
    echo "0 0" >in
    if [ "$target" = - ]; then
      # shellcheck disable=SC2086
      "$LANDAUMAX" $arguments <in 2>err >&- || got=$?
    else
      # shellcheck disable=SC2086
      "$LANDAUMAX" $arguments <in 2>err >"$target" || got=$?
    fi
    [ "$got" -eq 4 ] || fail "landaumax $arguments >$target: exit code $got"
    says err "standard output: "
  done
  whole lost # the run itself is complete
  rm -rf lost
done
expect 0 run small.toml --quiet --out lost >/dev/full # which prints nothing
got=0
"$LANDAUMAX" probe runs/small <&- >out 2>err || got=$?
[ "$got" -eq 4 ] || fail "probe with standard input closed: exit code $got"
got=0
"$LANDAUMAX" probe runs/small <. >out 2>err || got=$?
[ "$got" -eq 4 ] || fail "probe of a folder as standard input: exit code $got"
got=0
"$LANDAUMAX" run small.toml --out mute <&- >&- 2>&- || got=$?
[ "$got" -eq 4 ] || fail "all streams closed: exit code $got"
whole mute

# --- interrupted: 130 ------------------------------------------------------
for signal in INT TERM HUP; do
  mkfifo pipe
  "$LANDAUMAX" probe runs/small <pipe >out 2>err &
  program=$!
  exec 9>pipe
  sleep 0.3
  kill "-$signal" "$program"
  got=0
  wait "$program" || got=$?
  exec 9>&-
  rm pipe
  [ "$got" -eq 130 ] || fail "probe and SIG$signal: exit code $got"
done

# --- converge --------------------------------------------------------------
expect 0 converge small.toml --levels 3 --set grid.points=40 --set grid.order=4
is_empty err
says out "against the exact solution"
[ "$(grep -c '^grid ' out)" -eq 3 ] || fail "converge: not three grids"
[ "$(grep -c '^box ' out)" -eq 3 ] || fail "converge: not three boxes"
[ "$(grep -c '^tolerance ' out)" -eq 3 ] || fail "converge: not three tolerances"
grep -E '^(box|tolerance) ' out | grep -vqE ' - +- +- ' &&
  fail "converge: an order where the spacing does not change"
[ ! -e runs/converge ] || fail "converge wrote a folder"
# the density form has no log f far out: no errors instead of those of the rest
expect 0 converge "$cases/anisotropic_gaussian_2d.toml" --levels 3 --quiet \
  --set solver.formulation=density --set grid.points=96 --set time.end=0.05 \
  --set time.output=0.05 --set checks.radius=6.5
says out "density form: lower checks.radius"
says out "Error of the case as it stands: log f nan"
# a table has nothing beyond its box
expect 0 run small.toml --out first --quiet --set figures.enabled=false
printf 'dimension = 2\n[initial]\nkind = "table"\npath = "first"\n' >next.toml
expect 0 converge next.toml --levels 3 --quiet --set grid.points=32 \
  --set time.end=0.05 --set time.output=0.05
says out "box: not studied"
says out "against the finest run"
grep -q '^box  ' out && fail "converge: boxes beyond a table"

finish
