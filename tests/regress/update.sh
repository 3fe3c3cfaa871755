#!/usr/bin/env bash
# Writes the stored results anew, of all cases or of those named
# (moments/mixture_2d for cases/moments/mixture_2d.toml): after a
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
  mapfile -t names < <(chosen fast && chosen long && chosen moments &&
    chosen particles)
  set -- "${names[@]}"
fi
for name in "$@"; do
  mkdir -p "$(dirname "$tables/$name")"
  keep "$name" --write-reference "$tables/$name.json"
  echo "$name"
done
