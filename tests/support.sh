# shellcheck shell=bash disable=SC2034
# Sourced by the shell tests: a folder of their own, counted failures.
set -uo pipefail
[ -n "${LANDAUMAX:-}" ] || {
  echo "the program is not part of this build"
  exit 77
}
cases=$LMX_SOURCE_DIR/cases
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

# finish: the test's exit code
finish() {
  [ "$failures" -eq 0 ] || {
    echo "$failures failures"
    exit 1
  }
  exit 0
}

# expect CODE ARGUMENTS...: the program's exit code; leaves `out` and `err`.
# Standard input is the file `in` if there is one.
expect() {
  local want=$1 got=0
  shift
  [ -e in ] || : >in
  "$LANDAUMAX" "$@" <in >out 2>err || got=$?
  if [ "$got" -ne "$want" ]; then
    fail "landaumax $*: exit code $got, want $want"
    sed 's/^/  | /' err
  fi
}

# says FILE TEXT: FILE has TEXT as it stands
says() {
  grep -qF -e "$2" "$1" || {
    fail "$1 lacks \"$2\""
    sed 's/^/  | /' "$1"
  }
}

# refuses CODE TEXT ARGUMENTS...: an error is one message that has TEXT, on
# standard error alone
refuses() {
  local code=$1 text=$2
  shift 2
  expect "$code" "$@"
  [ ! -s out ] || fail "landaumax $*: an error on standard output"
  says err "$text"
  grep -qE '^(landaumax: |[^ ].*:[0-9]+: |--set |[^ ].*: is missing)' err ||
    fail "landaumax $*: unusual message: $(head -n 1 err)"
}

is_empty() {
  [ ! -s "$1" ] || {
    fail "$1 is not empty"
    sed 's/^/  | /' "$1"
  }
}

# whole_page DIR: report.html has every statement of report.json and every
# picture
whole_page() {
  local id n=0
  [ "$(tail -n 1 "$1/report.html")" = "</html>" ] ||
    fail "$1/report.html is missing or cut short"
  while read -r id; do
    n=$((n + 1))
    grep -qF "id=\"note-$id\"" "$1/report.html" ||
      fail "$1/report.html lacks $id"
    grep -qF "href=\"#note-${id%-printed}" "$1/report.html" ||
      fail "$1/report.html has no verdict of $id"
  done < <(sed -n 's/^ *"id": "\(.*\)",$/\1/p' "$1/report.json")
  [ "$n" -gt 0 ] || fail "$1/report.json has no statement"
  [ "$(grep -c '^<img' "$1/report.html")" = \
    "$(find "$1" -path '*/figures/*.png' | wc -l)" ] ||
    fail "$1/report.html has not every picture"
}

# whole DIR: no file of a run is missing, cut short or temporary
whole() {
  local file
  for file in case.toml solution.h5 report.txt report.json report.html; do
    [ -s "$1/$file" ] || fail "$1/$file is missing"
  done
  sound "$1"
}

# sound DIR: every file that is there is whole, nothing temporary is left
sound() {
  local file
  while read -r file; do
    fail "left behind: $file"
  done < <(find "$1" -name '*.tmp*')
  if [ -e "$1/solution.h5" ] || [ -e "$1/checkpoint.h5" ]; then
    echo "0 0 0 0 0 0 0 0 0 0" >sound_point
    "$LANDAUMAX" probe "$1" <sound_point >/dev/null 2>sound_err
    grep -qE 'cannot read|not HDF5|damaged|truncated' sound_err &&
      fail "$1: $(cat sound_err)"
  fi
  [ ! -e "$1/report.json" ] || [ "$(tail -c 2 "$1/report.json")" = "}" ] ||
    fail "$1/report.json is cut short"
  [ ! -e "$1/report.html" ] || [ "$(tail -n 1 "$1/report.html")" = "</html>" ] ||
    fail "$1/report.html is cut short"
  return 0
}
