#!/usr/bin/env bash
# Data whose hypotheses and constants are known, from a case to its report:
# what is decided by structure, what a ball cannot tell, and what then claims
# nothing. Inputs that once got wrong verdicts or numbers.
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1
inputs=$LMX_SOURCE_DIR/tests/check/inputs

# run NAME CODE [options]: solves it, into the folder NAME
run() {
  local name=$1 code=$2
  shift 2
  expect "$code" run "$inputs/$name.toml" --out "$name" --quiet "$@"
}

# is NAME VERDICT ID..: verdicts of a run
is() {
  local name=$1 verdict=$2 id
  shift 2
  for id; do
    says "$name/report.txt" "$id ($verdict)"
  done
}

# value NAME ID NUMBER: the value of a check, to 1e-4 of itself
value() {
  tr -d ' \n' <"$1/report.json" | grep -o "\"id\":\"$2\".*" |
    grep -o '"value":[^,]*' | head -n 1 | cut -d: -f2 |
    awk -v want="$3" '{ exit !($1 > want * 0.9999 && $1 < want * 1.0001) }' ||
    fail "$1: $2 is not $3"
}

rests="prop-3.2 eq-4.1 eq-4.6 F-grad F-hess thm-2.3 thm-2.4"

# --- by structure: constants over R^d ---------------------------------------
run maxwellian_2d 0
value maxwellian_2d hyp-1.9 2
value maxwellian_2d hyp-1.10 1
value maxwellian_2d hyp-1.11 1.414214
says maxwellian_2d/report.txt "On R^d, by structure: C_0 = 2,"
run bkw_4d 0
value bkw_4d hyp-1.11 20.58824
says bkw_4d/report.json "= 20.5882 at t = 0, over R^d, by structure"
run cold_direction_2d 0
value cold_direction_2d hyp-1.9 3.86
is cold_direction_2d info prop-3.1 # one experiment could not be made
says cold_direction_2d/report.json "Judged: 3 of 5 intervals"
for name in pair_4d two_beams_along_radial_8d two_beams_along_axis_8d; do
  run "$name" 0
  is "$name" holds hyp-1.9 hyp-1.10 hyp-1.11
  says "$name/report.txt" "On R^d, by structure: the constant ="
done
# shellcheck disable=SC2086
is two_beams_along_radial_8d holds $rests

# --- too few judged intervals -----------------------------------------------
run maxwellian_2d 0 --set 'initial.variances=[1.6,0.4]' \
  --set 'time.output=[0.05]' --set 'time.end=2'
is maxwellian_2d info eq-3.7
expect 0 run "$inputs/maxwellian_2d.toml" --out apart --quiet \
  --set 'initial.variances=[1.6,0.4]' --set 'time.output=[0.005,0.5]' \
  --set time.end=2 --set 'checks.list=["eq-3.7"]'
is apart info eq-3.7
says apart/report.txt "Judged: 1 of 3 intervals"

# a front passes within the first one: both quadratures miss it, by more than
# they differ
run front_within_interval_2d 0
is front_within_interval_2d info eq-3.7

# --- what a ball cannot tell, and what rests on it ---------------------------
for name in tail_power_1_4_2d tail_power_1_7_2d; do
  run "$name" 0
  is "$name" info hyp-1.9
  # shellcheck disable=SC2086
  is "$name" info $rests
done
run gradient_power_1_2_2d 0
is gradient_power_1_2_2d holds hyp-1.9 hyp-1.11
# shellcheck disable=SC2086
is gradient_power_1_2_2d info hyp-1.10 $rests
run almost_zero_at_origin_2d 1
# shellcheck disable=SC2086
is almost_zero_at_origin_2d info hyp-1.10 $rests

# --- hypotheses that fail -----------------------------------------------------
run exponential_tail_2d 1
is exponential_tail_2d fails hyp-1.9
# shellcheck disable=SC2086
is exponential_tail_2d info $rests
run quartic_density_2d 1
is quartic_density_2d fails hyp-1.10
# shellcheck disable=SC2086
is quartic_density_2d info $rests
# B is infinite: no number
expect 0 moments "$inputs/quartic_density_2d.toml" --run quartic_density_2d \
  --out without --quiet
says without/report.txt "thm-1.7 (info)"
says without/report.txt "No number:"
[ ! -e without/tables/entropy_bound.dat ] || fail "a bound from an infinite B"
expect 0 moments "$inputs/maxwellian_2d.toml" --run maxwellian_2d --out with \
  --quiet --set 'initial.variances=[1.6,0.4]' --set 'time.end=2'
says with/report.txt "a constant C that"

# --- constants of the case that no data of this kind has ----------------------
cat >radial.toml <<'END'
dimension = 3
[initial]
kind = "radial_mixture"
weights = [0.5, 0.5]
variances = [0.4, 1.6]
[time]
end = 0.01
output = 0.01
[checks.constants]
C = 0.01
[figures]
enabled = false
END
expect 0 run radial.toml --out radial --quiet
says radial/report.json "C' is infinite with the sharp C = 0.01"
is radial info eq-4.1 F-grad thm-2.3 thm-2.4

finish
