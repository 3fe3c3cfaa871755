#!/usr/bin/env bash
# Results are known to belong to a case, data and seed, and are refused beside
# another one; nothing but a reference is replaced by a reference.
# Options are split at blanks; quotes and what is in them is for TOML.
# shellcheck disable=SC2086,SC2089,SC2090,SC2016,SC2010,SC2102,SC2143
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1
main_case=$cases/anisotropic_gaussian_2d.toml
tiny="--quiet --set figures.enabled=false --set grid.points=[20,20] --set grid.half_width=9
  --set time.end=0.02 --set time.output=0.02 --set checks.list=[\"thm-2.3\"]"

# --- solution.h5 of another case ----------------------------------------------
{
  expect 0 run "$main_case" --out one $tiny
  expect 0 run "$main_case" --out variances $tiny \
    --set initial.variances=[1.3000001,0.6999999]
  expect 0 run "$main_case" --out tolerance $tiny --set solver.rtol=1e-7
  expect 0 run "$main_case" --out time $tiny --set time.output=0.01
  expect 0 run "$main_case" --out order $tiny --set grid.order=10
}
for other in variances tolerance time order; do
  rm -rf mixed
  cp -r one mixed
  cp "$other/solution.h5" mixed
  cp -r mixed before
  refuses 2 "mixed/solution.h5: " check mixed
  refuses 2 "mixed/solution.h5: " moments "$main_case" --out m --run mixed \
    $tiny
  refuses 2 "mixed/solution.h5: " run "$main_case" --out mixed $tiny --resume
  diff -r before mixed >/dev/null || fail "$other: something has changed"
  rm -r before
done
# what decides nothing may be changed
sed -i 's/^radius = .*/radius = 5/; s/^title = .*/title = "T"/
  s/^format = .*/format = "pdf"/; s/^threads = .*/threads = 3/' one/case.toml
expect 0 check one --quiet
expect 0 run "$main_case" --out one $tiny --resume --set checks.radius=4 \
  --set title=other
says one/case.toml 'title = "other"'
says one/report.txt "|v| <= 4"

# --- a table whose data has changed ---------------------------------------------
cat >table.toml <<'END'
dimension = 2
[initial]
kind = "table"
path = "one"
END
expect 0 run table.toml --out from_table $tiny
cp -r one kept
cp variances/solution.h5 one
refuses 2 "the data has changed since" check from_table
rm -r one
mv kept one
expect 0 check from_table --quiet

# --- checkpoints -----------------------------------------------------------------
# interrupted DIR COMMAND...: stopped at its first checkpoint
interrupted() {
  local dir=$1 code=0 program
  shift
  "$LANDAUMAX" "$@" --out "$dir" >out 2>err &
  program=$!
  until compgen -G "$dir/checkpoint.h5" >/dev/null ||
    compgen -G "$dir/particles.state" >/dev/null ||
    ! kill -0 "$program" 2>/dev/null; do
    sleep 0.02
  done
  kill -INT "$program"
  wait "$program" || code=$?
  [ "$code" -eq 130 ] || fail "interrupted: exit code $code: $(cat err)"
}
endless="--quiet --set figures.enabled=false --set grid.points=64
  --set time.end=50 --checkpoint 0.05"
{
  interrupted stopped run "$main_case" $endless
  interrupted colder run "$main_case" $endless \
    --set initial.variances=[1.2,0.8]
  cp colder/checkpoint.h5 stopped
  refuses 2 "stopped/checkpoint.h5: belongs to another case" \
    run "$main_case" --out stopped $endless --resume
}
cp -r one renamed
cp colder/checkpoint.h5 renamed/solution.h5
cp colder/case.toml renamed
refuses 2 "is a checkpoint that was renamed" check renamed
sed -i 's/"one"/"renamed"/' table.toml
refuses 2 "is a checkpoint" run table.toml --out x

# --- particles --------------------------------------------------------------------
many="--quiet --set figures.enabled=false --set particles.number=[200]
  --set particles.replicas=2000 --set time.end=5
  --set time.output=1 --checkpoint 0"
{
  interrupted seed1 particles "$main_case" $many
  interrupted seed2 particles "$main_case" $many --set particles.seed=2
  interrupted other particles "$main_case" $many \
    --set initial.variances=[1.2,0.8]
}
cp -r seed1 mixed_state
for other in seed2 other; do
  cp "$other/particles.state" mixed_state
  refuses 4 "belongs to another case" particles "$main_case" \
    --out mixed_state $many --resume
done
# threads and figures may change when one goes on
short="--quiet --set particles.number=[50] --set particles.replicas=20000
  --set time.end=0.5 --set time.output=0.5"
{
  interrupted seed3 particles "$main_case" $short --checkpoint 0 \
    --set figures.enabled=true
  expect 0 particles "$main_case" --out seed3 $short --resume \
    --set figures.enabled=false --set particles.threads=3
  # a wrong grid is found before anything is simulated
  refuses 2 "grid.axes" particles "$main_case" --out rates $short \
    --set particles.rates=true --set 'grid.axes=["radial"]'
  [ ! -e rates ] || fail "a refused command left a folder"
}

# --- references -------------------------------------------------------------------
expect 0 check one --quiet --write-reference ref.json
chmod 600 ref.json
expect 0 check one --quiet --write-reference ref.json
[ "$(stat -c %a ref.json)" = 600 ] || fail "the mode of a reference is lost"
ln -s ref.json link.json
mkfifo pipe
echo text >text
echo '{"a": 1}' >other.json
: >empty
expect 0 check one --quiet --write-reference empty
before=$(cksum one/* text other.json ref.json 2>/dev/null)
for target in one/solution.h5 one/case.toml one/report.json one/report.html \
  one/tables text other.json link.json pipe /dev/null; do
  refuses 2 "$target" check one --write-reference "$target"
  refuses 2 "$target" moments "$main_case" --out m $tiny \
    --write-reference "$target"
done
[ ! -e m ] || fail "a refused command left a folder"
[ "$before" = "$(cksum one/* text other.json ref.json 2>/dev/null)" ] ||
  fail "a refused reference changed something"
{ [ -p pipe ] && [ -L link.json ] && [ -c /dev/null ]; } ||
  fail "a file is replaced"
finish
