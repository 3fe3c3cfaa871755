# shellcheck shell=bash
# Sourced by the tests of this folder and by update.sh: which cases there are,
# and how one is run.  Every case of cases/ has its stored results here, in
# NAME.json.
tables=$LMX_SOURCE_DIR/tests/regress
most_seconds=2

# chosen KIND: the cases whose comment promises at most most_seconds (fast), or
# more (long)
chosen() {
  local file seconds kind
  for file in "$LMX_SOURCE_DIR"/cases/*.toml; do
    seconds=$(sed -n 's/^# Run time: about \([0-9]*\) s\.$/\1/p' "$file")
    kind=fast
    [ "${seconds:-1000}" -le "$most_seconds" ] || kind=long
    [ "$kind" != "$1" ] || basename "$file" .toml
  done
}

# solve NAME: runs the case to runs/NAME; a check may fail
solve() {
  local code=0
  "$LANDAUMAX" run "$LMX_SOURCE_DIR/cases/$1.toml" --quiet \
    --set figures.enabled=false >/dev/null 2>solve_err || code=$?
  [ "$code" -le 1 ] || {
    cat solve_err
    return 1
  }
}
