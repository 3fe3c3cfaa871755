#!/usr/bin/env bash
# The results of every case of a kind (LMX_TABLES: fast, long, moments or
# particles) are the stored ones, within the tolerances stored with them.
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1
source "$LMX_SOURCE_DIR/tests/regress/tables.sh" || exit 1

count=0
for name in $(chosen "${LMX_TABLES:-fast}"); do
  count=$((count + 1))
  [ -e "$tables/$name.json" ] || {
    fail "$name: no table; make one with tests/regress/update.sh $name"
    continue
  }
  keep "$name" --against "$tables/$name.json" >out 2>err || {
    fail "$name"
    sed 's/^/  | /' out err
  }
done
[ "$count" -gt 0 ] || fail "no case"
while read -r file; do
  [ -e "$cases/${file%.json}.toml" ] || fail "$file: there is no such case"
done < <(cd "$tables" && find . -name '*.json')

finish
