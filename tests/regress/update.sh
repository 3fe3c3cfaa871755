#!/usr/bin/env bash
# Writes the stored results anew, of all cases or of those named: after a
# change that is meant to change them.  Look at the difference before it is
# committed.
#   LANDAUMAX=build/release/landaumax bash tests/regress/update.sh [NAME ...]
set -euo pipefail
LMX_SOURCE_DIR=$(cd "$(dirname "$0")/../.." && pwd)
LANDAUMAX=$(realpath "${LANDAUMAX:-$LMX_SOURCE_DIR/build/release/landaumax}")
source "$LMX_SOURCE_DIR/tests/regress/tables.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
if [ "$#" -eq 0 ]; then
  mapfile -t names < <(chosen fast && chosen long)
  set -- "${names[@]}"
fi
for name in "$@"; do
  solve "$name"
  "$LANDAUMAX" check "runs/$name" --write-reference "$tables/$name.json" \
    --quiet
  echo "$name"
done
