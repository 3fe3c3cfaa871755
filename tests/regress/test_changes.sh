#!/usr/bin/env bash
# check --write-reference and --against as a user meets them: what has not
# changed agrees, and a changed solution, constant, ball, list of checks or
# verdict is named, with exit code 1.
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1

small="--quiet --set grid.points=64 --set time.end=0.2 --set time.output=0.1
  --set solver.rtol=1e-7 --set solver.atol=1e-9 --set figures.enabled=false"
# shellcheck disable=SC2086
expect 0 run "$cases/bkw_2d.toml" --out kept $small
expect 0 check kept --write-reference table.json
says out "kept: 24 checks hold, 0 fail, 1 for information"
[ "$(find . -name '*.tmp*' | wc -l)" -eq 0 ] || fail "temporary files"

# --- what is the same agrees -----------------------------------------------
expect 0 check kept --against table.json
says out "kept agrees with table.json"
expect 0 check kept --against table.json --quiet
is_empty out
is_empty err
cp -r kept again
# shellcheck disable=SC2086
expect 0 run "$cases/bkw_2d.toml" --out again $small
expect 0 check again --against table.json
# within the tolerances also by other numerics
# shellcheck disable=SC2086
expect 0 run "$cases/bkw_2d.toml" --out other $small --set solver.preconditioner=none
expect 0 check other --against table.json

# --- what has changed is named ---------------------------------------------
# differs DIR TEXT: exit code 1, TEXT in a line of the table
differs() {
  expect 1 check "$1" --against table.json
  grep -qE -e "$2" out || {
    fail "$1: no difference \"$2\""
    sed 's/^/  | /' out
  }
  says err "$1 differs from table.json in "
}

# another solution: c off by 3e-4, and the same with a tolerance too loose
# shellcheck disable=SC2086
expect 0 run "$cases/bkw_2d.toml" --out solution $small --set initial.c=0.3001
differs solution '^  thm-2.3 +value +1\.17'
differs solution '^  F-hess +value '
# shellcheck disable=SC2086
"$LANDAUMAX" run "$cases/bkw_2d.toml" --out loose $small \
  --set solver.rtol=1e-4 --set solver.atol=1e-6 2>/dev/null
differs loose '^  exact-error +value '
differs loose '^  eq-1.2 +bound '

# another constant, another ball, other times
cp -r kept constant
sed -i 's/^\[checks.constants\]/&\nC = 10.0/' constant/case.toml
differs constant '^  F-grad +value '
differs constant '^  eq-4.1 +value '
cp -r kept ball
sed -i 's/^radius = .*/radius = 5.0/' ball/case.toml
differs ball '^  the run +radius +6 +5 '
# shellcheck disable=SC2086
expect 0 run "$cases/bkw_2d.toml" --out longer $small --set time.end=0.25
differs longer '^  the run +end +0\.2 +0\.25 '

# a check fewer, and one more
cp -r kept fewer
sed -i 's/^list = .*/list = ["thm-2.3", "thm-2.4"]/' fewer/case.toml
differs fewer '^  F-grad +verdict +holds +missing'
grep -q '"thm-2.3"' table.json || fail "table.json lacks thm-2.3"
grep -v '"thm-2.3"' table.json >table_fewer.json
expect 1 check kept --against table_fewer.json
says err "kept differs from table_fewer.json in 1 check"
grep -qE '^  thm-2.3 +verdict +new +holds' out || fail "a new check is not named"

# another verdict, another place
sed '/"thm-2.3"/s/holds/info/' table.json >table_verdict.json
expect 1 check kept --against table_verdict.json
grep -qE '^  thm-2.3 +verdict +info +holds' out || fail "verdict not named"
sed '/"thm-2.3"/s/"|v|": \[[0-9.]*/"|v|": [1.0/' table.json >table_place.json
expect 1 check kept --against table_place.json
grep -qE '^  thm-2.3 +\|v\| ' out || fail "place not named"

# --- a check that fails on purpose is part of the results ------------------
expect 1 run "$cases/quartic_tail_2d.toml" --out quartic --quiet \
  --set figures.enabled=false
expect 0 check quartic --write-reference quartic.json
says out "1 fail"
expect 0 check quartic --against quartic.json
sed -i '/"hyp-1.10"/s/fails/holds/' quartic.json
expect 1 check quartic --against quartic.json

# --- what is no table ------------------------------------------------------
refuses 4 "absent.json" check kept --against absent.json
refuses 2 "report.json: not a landaumax reference" check kept \
  --against kept/report.json
head -n 15 table.json >cut.json
refuses 2 "cut.json:16: not JSON" check kept --against cut.json
sed 's/"format_version": 1/"format_version": 2/' table.json >newer.json
refuses 2 "this program reads 1" check kept --against newer.json
sed 's/"holds", "value": \[/"holds", "value": ["a", /' table.json >text.json
refuses 2 "text.json: checks: number 1 is not" check kept --against text.json
sed 's/"formulation": "log"/"formulation": "cubic"/' table.json >form.json
refuses 2 "formulation" check kept --against form.json
refuses 4 "nowhere/table.json" check kept --write-reference nowhere/table.json
refuses 4 "not a run directory" check nothing --against table.json
refuses 2 "exclude each other" check kept --against a --write-reference b
refuses 2 "--against needs a value" check kept --against
refuses 2 "there is no option --aginst" check kept --aginst table.json

finish
