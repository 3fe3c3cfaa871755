#!/usr/bin/env bash
# What the help shows can be typed in: every example of `landaumax help case`
# is a case, or a section that completes one, and runs; the manual page shows
# the same ones; every command line in a help text or in the manual page runs.
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1
cp -r "$cases" .
quick="--quiet --set figures.enabled=false"

# What an example of one section is completed with.  Short, so that examples
# with thousands of particles stay as they are.
cat >rest.toml <<'END'
title = "Rest"
dimension = 2
[initial]
kind = "gaussian"
variances = [1.3, 0.7]
[time]
end = 0.05
output = 0.05
END

# examples_of FILE NAME: the examples of `help case` as NAME_1.toml, ...
examples_of() {
  awk -v name="$2" '
    /^  Example:$/ { file = name "_" ++n ".toml"; next }
    file != "" && /^      / { print substr($0, 7) > file; next }
    { file = "" }' "$1"
}

# man_examples_of FILE NAME: those of `help case --man`
man_examples_of() {
  awk -v name="$2" '
    /^\.EX$/ { file = name "_" ++n ".toml"; next }
    /^\.EE$/ { file = "" }
    file != "" {
      gsub(/\\&/, ""); gsub(/\\-/, "-"); gsub(/\\e/, "\\")
      print > file
    }' "$1"
}

# complete FILE: the case of an example: itself if it has a dimension and
# [initial], else with the sections of rest.toml that it lacks
complete() {
  awk '
    FNR == 1 { section = "top" }
    /^\[/ { section = $0 }
    NR == FNR { has[section] = 1; text[section] = text[section] $0 "\n"
                if (!(section in place)) { order[++n] = section
                                           place[section] = 1 }
                next }
    { whole = ("top" in has) && ("[initial]" in has)
      if (!whole && !(section in has)) rest[section] = rest[section] $0 "\n" }
    END {
      printf "%s%s", text["top"], rest["top"]
      for (i = 1; i <= n; ++i)
        if (order[i] != "top") printf "%s", text[order[i]]
      for (s in rest) if (s != "top") printf "%s", rest[s]
    }' "$1" rest.toml
}

# run_examples NAME: how many there were is left in `count`
run_examples() {
  local file command
  count=0
  for file in "$1"_*.toml; do
    count=$((count + 1))
    complete "$file" >case.toml
    command=run
    grep -q '^\[particles\]' "$file" && command=particles
    grep -q '^\[moments\]' "$file" && command=moments
    # shellcheck disable=SC2086
    expect 0 "$command" case.toml --out "example_$count" $quick
    [ "$failures" -eq 0 ] || {
      cat case.toml
      return 0
    }
  done
}

# --- the test itself: what it must find --------------------------------------
printf '%s\n' 'words' '  Example:' '      [grid]' '      pionts = 3' 'words' \
  '  Example:' '      [grid]' '      points = 42' >bad
examples_of bad bad
[ "$(cat bad_2.toml)" = "$(printf '[grid]\npoints = 42')" ] ||
  fail "an example is not found: $(cat bad_2.toml)"
complete bad_2.toml >case.toml
[ "$(grep -c points case.toml)" -eq 1 ] || fail "a section is there twice"
expect 0 run case.toml --out tried --quiet --set figures.enabled=false
complete bad_1.toml >case.toml
expect 2 run case.toml --out tried --quiet --set figures.enabled=false

# --- examples of cases ---------------------------------------------------------
expect 0 help case
mv out case_help
examples_of case_help text
run_examples text
# one for the whole, one for the top, one for each section
[ "$count" -eq $((2 + $(grep -c '^\[' case_help))) ] ||
  fail "$count examples, $(grep -c '^\[' case_help) sections"
expect 0 help case --man
mv out case_man
man_examples_of case_man man
for ((i = 1; i <= count; ++i)); do
  cmp "text_$i.toml" "man_$i.toml" || fail "the manual page has another example"
done
[ ! -e "man_$((count + 1)).toml" ] || fail "the manual page has more examples"

# --- commands in help texts ------------------------------------------------------
# Lines that begin with `landaumax`, up to an explanation after two blanks, and
# commands in backquotes; `landaumax run` alone is no command but its name.
# COMMAND stands for each command, and DIR for the run directory of the first
# command, which leaves one.
commands=$("$LANDAUMAX" help | awk '/^Commands:/ { on = 1; next }
  /^$/ { on = 0 } on { print $1 }')
[ "$(wc -w <<<"$commands")" -ge 9 ] || fail "commands: $commands"
for subject in "" $commands case; do
  # shellcheck disable=SC2086
  "$LANDAUMAX" help $subject || fail "help $subject"
done >texts
sed -n 's/\\-/-/g; s/\\//g; /^\.SH EXAMPLES/,/^\.fi/p' \
  "$LMX_SOURCE_DIR/docs/landaumax.1.in" >>texts
{
  grep -E '^ *(echo .*)?landaumax [a-z-]+( |$)' texts | grep -v ': ' |
    sed 's/^ *//; s/   *.*//'
  # shellcheck disable=SC2016
  grep -oE '`landaumax [^`]*`' texts | tr -d '`' |
    grep -vE '^landaumax [a-z]+$'
} | sort -u >lines
mkdir bin
ln -s "$LANDAUMAX" bin/landaumax
export PATH=$work/bin:$PATH
n=0

# type_in COMMAND LINE
type_in() {
  local typed=${2//COMMAND/$1}
  typed=${typed//DIR/runs\/anisotropic_gaussian_2d}
  n=$((n + 1))
  bash -euo pipefail -c "$typed" </dev/null >out 2>err ||
    fail "\`$typed\` ends with $?: $(cat err)"
}
while read -r line; do
  if [[ $line == *COMMAND* ]]; then
    for command in $commands; do
      type_in "$command" "$line"
    done
  else
    type_in none "$line"
  fi
done < <(grep '^landaumax run' lines; grep -v '^landaumax run' lines)
[ "$n" -ge 15 ] || fail "only $n commands in the help: $(cat lines)"

finish
