#!/usr/bin/env bash
# The results of every check on every fast case are the stored ones, within
# the tolerances stored with them.
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1
source "$LMX_SOURCE_DIR/tests/regress/tables.sh" || exit 1

count=0
for name in $(chosen "${LMX_TABLES:-fast}"); do
  count=$((count + 1))
  [ -e "$tables/$name.json" ] || {
    fail "$name: no table; make one with tests/regress/update.sh $name"
    continue
  }
  solve "$name" || fail "$name: not solved"
  expect 0 check "runs/$name" --against "$tables/$name.json" --quiet
  sed 's/^/  | /' out
done
[ "$count" -gt 0 ] || fail "no case"
for file in "$tables"/*.json; do
  [ -e "$cases/$(basename "$file" .json).toml" ] ||
    fail "$file: there is no such case"
done

finish
