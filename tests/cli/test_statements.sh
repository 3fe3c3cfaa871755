#!/usr/bin/env bash
# docs/statements.md is what `landaumax audit --markdown` writes; the other
# outputs and the exit codes of the command.
set -euo pipefail

[ -n "${LANDAUMAX:-}" ] || {
  echo "the program is not part of this build"
  exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# expect CODE ARGUMENT...: the command ends with this exit code
expect() {
  local want=$1 code=0
  shift
  "$LANDAUMAX" audit "$@" >"$work/out" 2>"$work/err" || code=$?
  [ "$code" -eq "$want" ] || {
    echo "audit $*: exit code $code, want $want"
    cat "$work/err"
    exit 1
  }
}

# complains PATTERN: the last message matches
complains() {
  grep -q -- "$1" "$work/err" || {
    echo "no \"$1\" in:"
    cat "$work/err"
    exit 1
  }
}

expect 0 --markdown
diff -u "$LMX_SOURCE_DIR/docs/statements.md" "$work/out" || {
  echo "docs/statements.md is not current: landaumax audit --markdown"
  exit 1
}
# the comparison can fail
sed 's/FAILS/HOLDS/' "$LMX_SOURCE_DIR/docs/statements.md" >"$work/edited.md"
if diff -q "$work/edited.md" "$work/out" >/dev/null; then
  echo "an edited statements.md went unnoticed"
  exit 1
fi

expect 0 --dimension 2 --json
grep -q '"unexpected": 0' "$work/out"
expect 0 --dimension 2 --seed 7 --starts 8
grep -q '^d = 2$' "$work/out"
if grep -q '^d = 3$' "$work/out"; then
  echo "audit --dimension 2 goes on to d = 3"
  exit 1
fi

# a single, special jet does not refute every misprint: exit code 1
expect 1 --dimension 2 --seed 6 --starts 1 --jets 1
complains 'not as expected'
grep -q '(!)' "$work/out"

expect 2 --dimension 9
complains 'allowed are 2 to 8'
expect 2 --dimension two
complains 'no whole number'
expect 2 --seed -1
complains 'no whole number'
expect 2 --starts 0
complains 'allowed are 1 to'
expect 2 --frobnicate
complains 'no such option'
expect 2 --seed
complains 'needs a value'
expect 2 extra
complains 'not expected'
