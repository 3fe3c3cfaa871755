#!/usr/bin/env bash
# --write-reference and --against of `moments` and `particles`: what is the
# same agrees, and a changed number, verdict, seed, step or list of N is named,
# with exit code 1.
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1
source "$LMX_SOURCE_DIR/tests/regress/tables.sh" || exit 1

# named TEXT: a line of the comparison on standard output
named() {
  grep -qE -e "$1" out || {
    fail "no difference \"$1\""
    sed 's/^/  | /' out
  }
}

# --- moments ---------------------------------------------------------------
exact="moments $cases/moments/mixture_2d.toml --set figures.enabled=false"
# shellcheck disable=SC2086
expect 0 $exact --out kept --write-reference exact.json
says out "misprints, as expected"
# shellcheck disable=SC2086
expect 0 $exact --out again --against exact.json
says out "again agrees with exact.json"
# shellcheck disable=SC2086
expect 0 $exact --out again --against exact.json --quiet
is_empty out
is_empty err
# one number, one verdict
sed '/"thm-2.2"/s/"value": \[7\.079/"value": [7.0791/' exact.json >number.json
cmp -s exact.json number.json && fail "thm-2.2 is not about 7.079"
# shellcheck disable=SC2086
expect 1 $exact --out again --against number.json --quiet
named '^  id +what +stored +now +difference +granted$'
named '^  thm-2.2 +value +7\.0791[0-9]+ +7\.0790[0-9]+ +-[0-9.]+e-0[0-9] '
says err "again differs from number.json in 1 check"
[ "$(wc -l <out)" -eq 5 ] || fail "more than one difference"
sed '/"claim-5.9-printed"/s/fails/holds/' exact.json >verdict.json
# shellcheck disable=SC2086
expect 1 $exact --out again --against verdict.json --quiet
named '^  claim-5.9-printed +verdict +holds +fails'
# other data
# shellcheck disable=SC2086
expect 1 $exact --out again --against exact.json --quiet \
  --set 'moments.particles=[2, 10]'
named '^  thm-2.2 +value +7\.07'
# with --json the report stands alone
# shellcheck disable=SC2086
expect 1 $exact --out again --against number.json --json
cmp -s out again/report.json || fail "--json is not report.json"

# --- particles -------------------------------------------------------------
law="particles $cases/particles/law_of_large_numbers_2d.toml --quiet
  --set particles.replicas=100 --set particles.number=[5,50]
  --set time.end=0.2 --set figures.enabled=false"
# shellcheck disable=SC2086
expect 0 $law --out simulated --write-reference law.json
is_empty out
# shellcheck disable=SC2086
expect 0 $law --out simulated --against law.json --set particles.threads=3
# shellcheck disable=SC2086
expect 1 $law --out other --against law.json --set particles.seed=2
named '^  lln-2.5 +value '
says err "other differs from law.json in "
# shellcheck disable=SC2086
expect 1 $law --out other --against law.json --set particles.step=0.02
named '^  temperatures +value '
# shellcheck disable=SC2086
expect 1 $law --out other --against law.json --set time.end=0.1
named '^  the run +end +0\.2 +0\.1 '
sed '/"energy"/s/"slack": \[./"slack": [9/' law.json >number.json
# shellcheck disable=SC2086
expect 1 $law --out other --against number.json
named '^  energy +slack +9\.'
says err "other differs from number.json in 1 check"

# --- a table of something else, and none -----------------------------------
# shellcheck disable=SC2086
expect 1 $law --out other --against exact.json
named '^  the run +kind +moments +particles'
# shellcheck disable=SC2086
refuses 4 "absent.json" $law --out other --against absent.json
echo '{"format": "landaumax reference", "format_version": 1, "title": "",
  "kind": "moment", "dimension": 2, "end": 1, "checks": []}' >kind.json
# shellcheck disable=SC2086
refuses 2 "not a landaumax reference: kind" $law --out other --against kind.json
# shellcheck disable=SC2086
refuses 2 "exclude each other" $law --against a --write-reference b
# shellcheck disable=SC2086
refuses 2 "exclude each other" $exact --against a --write-reference b
refuses 2 "there is no option --against" run "$cases/bkw_2d.toml" --against a

# --- another cosine, logarithm and exponential -----------------------------
# The C library without its variants for newer processors.
export GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F
for name in $(chosen moments) $(chosen particles); do
  keep "$name" --against "$tables/$name.json" >out 2>err ||
    fail "$name with another C library: $(cat out err)"
done

finish
