#!/usr/bin/env bash
# What the documents say can be done is done: every block fenced as ```sh in
# README.md and docs/manual.md runs without error, in order, in a folder that
# has the cases and `landaumax` on the path.  Blocks fenced otherwise
# (```console, ```text) are not run.  Relative links must lead somewhere,
# and no two equations of a document have the same number.
set -euo pipefail

[ -n "${LANDAUMAX:-}" ] || {
  echo "the program is not part of this build"
  exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
ln -s "$LANDAUMAX" "$work/bin/landaumax"
export PATH=$work/bin:$PATH

# extract DOCUMENT FOLDER: writes each block to FOLDER/block_LINE.sh
extract() {
  awk -v folder="$2" '
    /^ *```sh *$/ { file = sprintf("%s/block_%05d.sh", folder, NR); next }
    /^ *```/ { file = "" }
    file != "" { print > file }' "$1"
}

# run_blocks DOCUMENT: 0 if every block of it runs
run_blocks() {
  local folder block code line
  folder=$(mktemp -d -p "$work")
  mkdir "$folder/blocks" "$folder/here"
  cp -r "$LMX_SOURCE_DIR/cases" "$folder/here"
  extract "$1" "$folder/blocks"
  for block in "$folder"/blocks/*.sh; do
    [ -e "$block" ] || return 0
    code=0
    (cd "$folder/here" && bash -euo pipefail "$block") \
      >"$folder/log" 2>&1 </dev/null || code=$?
    [ "$code" -eq 0 ] || {
      line=$(basename "$block" .sh)
      echo "$1:$((10#${line#block_})): this block ends with exit code $code:"
      cat "$block" "$folder/log"
      return 1
    }
  done
}

# dead_links DOCUMENT: prints relative links that lead nowhere
dead_links() {
  { grep -oE '\]\([^)#]+' "$1" || true; } | sed 's/^](//; s/ .*//' |
    while read -r link; do
      case $link in
      *://* | mailto:*) ;;
      *) [ -e "$(dirname "$1")/$link" ] || echo "$1: no $link" ;;
      esac
    done
}

# twice_numbered DOCUMENT: numbers that two equations have
twice_numbered() {
  { grep -oE '\\tag\{[^}]*\}' "$1" || true; } | sort | uniq -d
}

fence='```'
self_test() {
  printf '%s\n' "${fence}console" false "$fence" "${fence}sh" \
    'echo kept >file' "$fence" '- item' "  ${fence}sh" '  grep kept file' \
    "  $fence" >"$work/good.md"
  printf '%s\n' "${fence}sh" 'landaumax frobnicate' 'true' "$fence" \
    '[x](bin) [y](nowhere.md)' >"$work/bad.md"
  run_blocks "$work/good.md" || return 1
  if run_blocks "$work/bad.md" >/dev/null; then
    return 1
  fi
  [ "$(dead_links "$work/bad.md")" = "$work/bad.md: no nowhere.md" ] || return 1
  printf '%s\n' 'a \tag{1}' 'b \tag{2}' 'c \tag{1}' >"$work/tags.md"
  [ "$(twice_numbered "$work/tags.md")" = '\tag{1}' ]
}

self_test || {
  echo "self-test failed"
  exit 1
}
failed=0
for document in README.md docs/manual.md; do
  grep -qE '^```sh *$' "$LMX_SOURCE_DIR/$document" || {
    echo "$document has no command to run"
    failed=1
  }
  run_blocks "$LMX_SOURCE_DIR/$document" || failed=1
done
for document in "$LMX_SOURCE_DIR"/*.md "$LMX_SOURCE_DIR"/docs/*.md; do
  dead=$(dead_links "$document")
  twice=$(twice_numbered "$document")
  [ -z "$dead$twice" ] || {
    echo "$dead" "$document: $twice"
    failed=1
  }
done
exit "$failed"
