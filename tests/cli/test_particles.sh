#!/usr/bin/env bash
# landaumax particles: run directory, reports, the same bits for any number of
# threads and after an interruption, refusals.
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1
law=$cases/particles/law_of_large_numbers_2d.toml
small="--set particles.number=[5,300] --set particles.replicas=200
  --set time.end=0.2 --set figures.enabled=false"

for name in law_of_large_numbers_2d laws_2d; do
  # shellcheck disable=SC2086
  expect 0 particles "$cases/particles/$name.toml" $small
  says out "runs/${name}_particles: "
  dir=runs/${name}_particles
  for file in case.toml report.txt report.json tables/particle_moments.dat; do
    [ -s "$dir/$file" ] || fail "$dir/$file is missing"
  done
  says out "Report: $dir/report.html"
  whole_page "$dir"
  [ ! -e "$dir/particles.state" ] || fail "the checkpoint was left behind"
  # the case as run is a case that runs, with the same result
  expect 0 particles "$dir/case.toml" --out again --quiet
  cmp "$dir/tables/particle_moments.dat" again/tables/particle_moments.dat ||
    fail "$name: another result from its own case.toml"
  rm -r again
done
says runs/laws_2d_particles/report.txt "equal-law-1.8 (holds)"
says runs/laws_2d_particles/report.txt "printed-1.8-rejected (holds)"
says runs/laws_2d_particles/report.json '"id": "kac-energy"'

# threads
reference=runs/law_of_large_numbers_2d_particles/tables
for threads in 1 3; do
  # shellcheck disable=SC2086
  expect 0 particles "$law" $small --out "t$threads" \
    --set particles.threads=$threads --quiet
  for table in "$reference"/*.dat; do
    cmp "$table" "t$threads/tables/$(basename "$table")" ||
      fail "$threads threads: another $(basename "$table")"
  done
done

# rates in N: too few replicas to decide, but the whole path
expect 0 particles "$cases/particles/rates_2d.toml" --out rates --quiet \
  --set particles.replicas=400 --set particles.number=[3,6]
for file in tables/particle_rates.dat tables/particle_slopes.dat \
  figures/particle_rates.png figures/particle_lln.png; do
  [ -s "rates/$file" ] || fail "rates/$file is missing"
done
says rates/report.txt "rate-entropy ("
whole_page rates
[ "$(grep -c '^<img' rates/report.html)" -eq 2 ] || fail "not two pictures"
rm rates/report.html
expect 0 plot rates
whole_page rates
refuses 2 "particles.rates: is true in dimension 3" particles \
  "$cases/bkw_3d.toml" --out no --quiet --set particles.rates=true
refuses 2 "needed for particles.rates" particles \
  "$cases/particles/rates_2d.toml" --out no --quiet \
  --set particles.replicas=20

# interrupted and continued, wherever it happens to stop
long="$small --set particles.replicas=4000 --set figures.enabled=false"
# shellcheck disable=SC2086
expect 0 particles "$law" $long --out whole --quiet
stopped=0
for delay in 0.05 0.2 0.4; do
  # shellcheck disable=SC2086
  "$LANDAUMAX" particles "$law" $long --out part \
    --quiet --checkpoint 0 2>err &
  sleep "$delay"
  kill -INT $! 2>/dev/null
  wait $!
  [ $? -eq 130 ] && stopped=$((stopped + 1))
  if [ -e part/particles.state ]; then
    # shellcheck disable=SC2086
    refuses 2 "holds an interrupted run" particles \
      "$law" $long --out part --quiet
    # shellcheck disable=SC2086
    refuses 2 "holds the run of another case" particles \
      "$law" $small --out part --quiet --resume
    # shellcheck disable=SC2086
    expect 0 particles "$law" $long --out part --quiet \
      --resume
  fi
  for table in whole/tables/*.dat; do
    [ -e part/case.toml ] || continue
    cmp "$table" "part/tables/$(basename "$table")" ||
      fail "stopped after $delay s: another $(basename "$table")"
  done
  rm -rf part
done
[ "$stopped" -gt 0 ] || fail "no run was interrupted"

# killed while rates are measured: what is done for an N is not done again
rates="$cases/particles/rates_2d.toml --quiet --set particles.replicas=400
  --set particles.number=[4,8,16] --set figures.enabled=false"
per_number=3000000 # bytes that the groups of one N take in the checkpoint
state_size() {
  stat -c %s part/particles.state 2>/dev/null || echo 0
}
# shellcheck disable=SC2086
expect 0 particles $rates --out whole_rates
# shellcheck disable=SC2086
"$LANDAUMAX" particles $rates --out part 2>err &
for _ in $(seq 1000); do
  [ "$(state_size)" -gt "$per_number" ] && break
  sleep 0.02
done
kill -KILL $!
wait $! 2>/dev/null
size=$(state_size)
[ "$size" -gt "$per_number" ] || fail "not killed between two N: $size bytes"
# shellcheck disable=SC2086
timeout -s INT 0.2 "$LANDAUMAX" particles $rates --out part --resume 2>err
if [ -e part/particles.state ]; then
  [ "$(state_size)" -ge "$size" ] || fail "rates began again"
  # shellcheck disable=SC2086
  expect 0 particles $rates --out part --resume
fi
for table in whole_rates/tables/*.dat; do
  cmp "$table" "part/tables/$(basename "$table")" ||
    fail "killed while rates were measured: another $(basename "$table")"
done
rm -rf part

# a damaged checkpoint
# shellcheck disable=SC2086
timeout -s INT 0.3 "$LANDAUMAX" particles "$law" $long \
  --out part --quiet --checkpoint 0 2>err
if [ -e part/particles.state ]; then
  printf x | dd of=part/particles.state bs=1 seek=3000 conv=notrunc 2>/dev/null
  # shellcheck disable=SC2086
  refuses 4 "is damaged" particles "$law" $long \
    --out part --quiet --resume
fi

# formulas and tables, by rejection
formula="$cases/formula_2d.toml --set particles.number=[5,300]
  --set particles.replicas=200 --set time.end=0.2 --set figures.enabled=false"
# shellcheck disable=SC2086
expect 0 particles $formula --out formula --quiet
says formula/report.txt "drawn by rejection under a bound of log f on"
# shellcheck disable=SC2086
expect 0 particles $formula --out formula3 --set particles.threads=3 --quiet
cmp formula/tables/particle_moments.dat formula3/tables/particle_moments.dat ||
  fail "a formula and 3 threads: another result"
expect 0 run "$cases/formula_2d.toml" --out solved --quiet \
  --set figures.enabled=false --set time.end=0.05 --set time.output=0.05
cat >table.toml <<'TOML'
dimension = 2
[initial]
kind = "table"
path = "solved"
[time]
end = 0.2
output = 0.1
[particles]
number = [5, 50]
replicas = 300
[figures]
enabled = false
TOML
expect 0 particles table.toml --out table --quiet
says table/report.txt '"table" and E(0) = diag('

# what cannot be drawn from
expect 0 run "$cases/stationary_gaussian_2d.toml" --out short --quiet \
  --set figures.enabled=false --set grid.half_width=4.0 --set checks.radius=3.0
sed -i s/solved/short/ table.toml
refuses 3 "landaumax: --set grid.points=64: grid.points: mass and" \
  particles table.toml --out no --set grid.points=64 --set grid.half_width=4.0 \
  --set checks.radius=3.0
refuses 2 "dimension: is 11, allowed for particles is 2 to 10" particles \
  "$cases/bkw_3d.toml" --out no --set dimension=11 --set initial.c=0.1
[ ! -e no ] || fail "a refused case left a folder"
refuses 2 "CASE.toml is missing" particles

finish
