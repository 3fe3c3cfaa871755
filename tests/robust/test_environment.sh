#!/usr/bin/env bash
# What surrounds the program: names of folders that shells and gnuplot would
# take for something else, variables of gnuplot and OpenMP, small stacks,
# threads that cannot be started, `--`.
# Options are split at blanks; quotes and what is in them is for TOML.
# shellcheck disable=SC2086,SC2089,SC2090,SC2016,SC2010,SC2102,SC2143
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1
main_case=$cases/anisotropic_gaussian_2d.toml
tiny="--quiet --set grid.points=[20,20] --set time.end=0.02
  --set time.output=0.02 --set checks.list=[\"thm-2.3\"]"
no_figures="--set figures.enabled=false"
small="$tiny $no_figures --set particles.number=[4,40]
  --set particles.replicas=200"

# --- names -------------------------------------------------------------------
long=$(printf 'n%.0s' {1..250})
deep=$long/$long/$long
names=("<touch pwned;#" "~" "~root" "|touch pwned" "a'b\"c" '$(touch pwned)'
  '`touch pwned`' $'two\nlines' "%s%n%d" "-x" "ä ö" "{a,b}*?[c]" "$deep")
mkdir names
cd names || exit 1
for name in "${names[@]}"; do
  expect 0 run "$main_case" --out "$name" $tiny
  whole "./$name" # find takes -x for an option
  if command -v gnuplot >/dev/null; then
    [ "$(find "./$name/figures" -name '*.png' | wc -l)" -ge 2 ] ||
      fail "$name: no figures"
    rm -r "./$name/figures"
    expect 0 plot -- "$name"
    [ "$(find "./$name/figures" -name '*.png' | wc -l)" -ge 2 ] ||
      fail "$name: plot: no figures"
  fi
  expect 0 check --quiet -- "$name"
  expect 0 probe -- "$name"
  expect 0 moments "$main_case" --out "$name/m" --run "$name" $tiny $no_figures
  [ -e pwned ] && fail "$name: a command in a name was run"
  rm -rf "./${name%%/*}" pwned
done
[ -z "$(ls -A | grep -vx -e in -e out -e err -e sound_point -e sound_err)" ] ||
  fail "something is left: $(ls -A)"
# longer than any path may be: an error, not a part of it
refuses 4 "File name too long" run "$main_case" --out "$deep/$(printf \
  '/d%.0s' {1..2000})" --quiet --set figures.enabled=false
refuses 4 "" run "$main_case" --out "$long$long" --quiet
cd .. || exit 1

# --- variables ---------------------------------------------------------------
if command -v gnuplot >/dev/null; then
  for terminal in qt x11 nonsense; do
    rm -rf figures
    GNUTERM=$terminal expect 0 run "$main_case" --out figures $tiny
    [ -s figures/figures/entropy.png ] || fail "GNUTERM=$terminal: no figure"
  done
fi
expect 0 particles "$main_case" --out wanted $small
for variable in OMP_STACKSIZE=64 \
  OMP_THREAD_LIMIT=1 OMP_DYNAMIC=true OMP_WAIT_POLICY=active; do
  (failures=0
    export "${variable?}"
    expect 0 particles "$main_case" --out got $small
    is_empty err
    exit "$failures") || fail "$variable"
  cmp -s wanted/tables/particle_moments.dat got/tables/particle_moments.dat ||
    fail "$variable: other results"
done

# --- stacks and threads --------------------------------------------------------
for stack in 128 512 unlimited; do
  for command in run particles moments converge; do
    options="$small"
    [ "$command" = converge ] && options="${tiny} --levels 3"
    [ "$command" = converge ] || options="$options --out stack"
    (failures=0
      ulimit -s $stack 2>/dev/null || exit 0
      expect 0 $command "$main_case" $options
      exit "$failures") || fail "$command with a stack of $stack KB"
    rm -rf stack
  done
done
# as many threads as one likes
expect 0 particles "$main_case" --out got $small --set particles.threads=64
cmp -s wanted/tables/particle_moments.dat got/tables/particle_moments.dat ||
  fail "64 threads: other results"
# root may start threads beyond any limit, so another user is needed
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null &&
  setpriv --reuid 65534 --clear-groups test -x "$LANDAUMAX" -a -r "$main_case"
then
  mkdir nobody
  chmod 777 nobody . && chmod a+x "$work"
  (ulimit -u 1
    export ASAN_OPTIONS=detect_leaks=0 # which would need a process of its own
    setpriv --reuid 65534 --clear-groups "$LANDAUMAX" particles "$main_case" \
      --out nobody/run $small --set particles.threads=4) >out 2>err ||
    fail "no threads: exit code $?: $(cat err)"
  is_empty err
  cmp -s wanted/tables/particle_moments.dat \
    nobody/run/tables/particle_moments.dat || fail "no threads: other results"
fi

# --- `--` and what looks like an option ---------------------------------------
expect 0 run "--set=grid.order=12" --out=--help $tiny $no_figures -- "$main_case"
for command in check plot probe; do
  expect 0 "$command" -- --help
  [ "$command" = probe ] || [ -s --help/report.html ] || fail "no --help"
  refuses 2 "there is no option --no-such" "$command" --no-such
  refuses 2 "is missing" "$command" --
done
finish
