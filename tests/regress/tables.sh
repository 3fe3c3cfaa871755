# shellcheck shell=bash disable=SC2034
# Sourced by the tests of this folder and by update.sh: which cases there are,
# and how the results of one are stored or compared.  Every case of cases/ has
# its stored results here, in NAME.json; those of cases/moments and
# cases/particles are called moments/NAME and particles/NAME.
tables=$LMX_SOURCE_DIR/tests/regress
most_seconds=2

# chosen KIND: the cases whose comment promises at most most_seconds (fast), or
# more (long); those of the folder KIND (moments, particles)
chosen() {
  local file seconds kind
  case $1 in
  moments | particles)
    for file in "$LMX_SOURCE_DIR/cases/$1"/*.toml; do
      echo "$1/$(basename "$file" .toml)"
    done
    return
    ;;
  esac
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

# fewer NAME: settings of a particle case that make it a matter of seconds
fewer() {
  case $1 in
  particles/rates_*) echo --set particles.replicas=400 \
    --set "particles.number=[4,8]" ;;
  particles/laws_*) echo --set particles.replicas=300 ;;
  *) echo --set particles.replicas=200 ;;
  esac
}

# keep NAME OPTION FILE: does what --against or --write-reference says
keep() {
  local file=$LMX_SOURCE_DIR/cases/$1.toml
  local common=(--out "runs/$1" --quiet --set figures.enabled=false "$2" "$3")
  case $1 in
  moments/*) "$LANDAUMAX" moments "$file" "${common[@]}" ;;
  particles/*)
    # shellcheck disable=SC2046
    "$LANDAUMAX" particles "$file" $(fewer "$1") "${common[@]}"
    ;;
  *) solve "$1" && "$LANDAUMAX" check "runs/$1" "$2" "$3" --quiet ;;
  esac
}
