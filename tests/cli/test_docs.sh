#!/usr/bin/env bash
# What the documents say can be done is done, in order, in a folder that has
# the cases and `landaumax` on the path.  Fenced blocks of README.md and
# docs/*.md by the words behind the fence:
#   sh            commands, each of which must succeed
#   console       `$ command` and what it prints on both streams, which is
#                 compared (docs.awk says what may differ); a block without `$`
#                 must be in the list `not_run` below
#   toml          a whole case (one with a dimension and [initial]): it runs
#   WORD FILE     an excerpt of FILE, which a block before has left; compared
# The list must be exact.
# Relative links must lead somewhere, and no two equations of a document have
# the same number.
set -euo pipefail

[ -n "${LANDAUMAX:-}" ] || {
  echo "the program is not part of this build"
  exit 77
}

# DOCUMENT: first line of the block
not_run=(
  # needs packages and network
  "README.md: ./setup run     # installs what is missing, builds, computes a first case and draws its figures"
  # needs an interrupted run; tests/robust/test_kill_resume.sh does it
  "docs/manual.md: landaumax run cases/strong_anisotropy_2d.toml --resume"
  # needs gnuplot; the scripts are run by whatever draws figures
  "docs/manual.md: gnuplot -e \"dir='runs/tour'; out='map.pdf'; fmt='pdf'\" plots/log_density.gp"
)

here=$LMX_SOURCE_DIR/tests/cli
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
ln -s "$LANDAUMAX" "$work/bin/landaumax"
export PATH=$work/bin:$PATH

# extract DOCUMENT FOLDER: writes each block with words behind its fence to
# FOLDER/block_LINE, and these words to FOLDER/block_LINE.kind
extract() {
  awk -v folder="$2" '
    /^ *```/ {
      words = $0
      sub(/^ *```/, "", words)
      if (inside) { inside = 0; file = ""; next }
      inside = 1
      if (words == "") next
      file = sprintf("%s/block_%05d", folder, NR)
      print words > (file ".kind")
      printf "" > file
      next
    }
    file != "" { print > file }' "$1"
}

# holds LIST... WORD: whether WORD is among the others
holds() {
  local word=${!#}
  while [ $# -gt 1 ]; do
    [ "$1" != "$word" ] || return 0
    shift
  done
  return 1
}

# type_in FOLDER SCRIPT LOG: in FOLDER, both streams into LOG
type_in() {
  (cd "$1" && bash -euo pipefail "$2") >"$3" 2>&1 </dev/null
}

# show_console FOLDER BLOCK: types in each `$ command` and compares
show_console() {
  local part
  rm -f "$work"/part_*
  awk -v name="$work/part_" '
    /^\$ / { ++n; file = name n ".sh"; shown = name n ".shown"
             printf "" > shown; sub(/^\$ /, "") }
    n > 0 { print > file
            if (file != shown && !/\\$/) file = shown }' "$2"
  for part in "$work"/part_*.sh; do
    type_in "$1" "$part" "$work/printed" || true
    awk -f "$here/docs.awk" -v gaps=0 "${part%.sh}.shown" "$work/printed" || {
      echo "  of: $(cat "$part")"
      return 1
    }
  done
}

# do_block FOLDER BLOCK NAME: 0 if it is as its kind demands
do_block() {
  local kind file
  read -r kind file <"$2.kind"
  case $kind,$file in
  sh,) type_in "$1" "$2" "$work/log" || {
    echo "  ends with exit code $?:"
    cat "$2" "$work/log"
    return 1
  } ;;
  console,)
    if grep -q '^\$ ' "$2"; then
      show_console "$1" "$2"
    else
      holds "${not_run[@]}" "$3" || {
        echo "  is neither shown with \$ nor in the list not_run"
        return 1
      }
    fi
    ;;
  toml,)
    if grep -q '^dimension' "$2" && grep -q '^\[initial\]' "$2"; then
      cp "$2" "$1/block.toml"
      echo "landaumax run block.toml --quiet --set figures.enabled=false" \
        >"$work/run.sh"
      type_in "$1" "$work/run.sh" "$work/log" || {
        cat "$2" "$work/log"
        return 1
      }
    fi
    ;;
  *,?*) awk -f "$here/docs.awk" -v gaps=1 "$2" "$1/$file" ;;
  esac
}

# run_blocks DOCUMENT NAME: 0 if every block of it is right; those met are
# appended to the file `met`
run_blocks() {
  local folder block first code=0
  folder=$(mktemp -d -p "$work")
  mkdir "$folder/blocks" "$folder/here"
  cp -r "$LMX_SOURCE_DIR/cases" "$folder/here"
  extract "$1" "$folder/blocks"
  for block in "$folder"/blocks/block_?????; do
    [ -e "$block" ] || return 0
    first="$2: $(head -n 1 "$block")"
    echo "$first" >>"$work/met"
    do_block "$folder/here" "$block" "$first" || {
      echo "$1:$((10#${block##*_})): this block is wrong"
      code=1
    }
  done
  return "$code"
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

# rejects LINES...: a document of these lines is wrong
rejects() {
  printf '%s\n' "$@" >"$work/bad.md"
  if run_blocks "$work/bad.md" bad.md >/dev/null 2>&1; then
    echo "accepted: $*"
    return 1
  fi
}

# shellcheck disable=SC1003,SC2016
self_test() {
  printf '%s\n' "$fence" false "$fence" "${fence}c" false "$fence" \
    "${fence}sh" 'echo kept at 1.234, in 3 s >file' "$fence" \
    '- item' "  ${fence}sh" '  grep kept file' "  $fence" \
    "${fence}text file" 'kept at  1.2339, in 17 s' "$fence" \
    "${fence}console" '$ echo a; \' '  echo 2.0e-9; false' 'a' '3.0e-9' \
    '$ seq 5' '1' '...' '5' "$fence" >"$work/good.md"
  run_blocks "$work/good.md" good.md || return 1
  rejects "${fence}sh" 'landaumax frobnicate' 'true' "$fence" || return 1
  rejects "${fence}console" '$ echo 1.234' '1.25' "$fence" || return 1
  rejects "${fence}console" '$ echo thm-2.3' 'thm-2.31' "$fence" || return 1
  rejects "${fence}console" '$ seq 2' '1' "$fence" || return 1
  rejects "${fence}console" '$ echo a' 'b' "$fence" || return 1
  rejects "${fence}console" 'landaumax converge x.toml' "$fence" || return 1
  rejects "${fence}text nowhere" 'a' "$fence" || return 1
  rejects "${fence}sh" 'printf "b\na\n" >file' "$fence" \
    "${fence}text file" 'a' 'b' "$fence" || return 1
  rejects "${fence}toml" 'dimension = 2' '[initial]' 'kind = "no"' "$fence" ||
    return 1
  printf '%s\n' '[x](bin) [y](nowhere.md)' >"$work/links.md"
  [ "$(dead_links "$work/links.md")" = "$work/links.md: no nowhere.md" ] ||
    return 1
  printf '%s\n' 'a \tag{1}' 'b \tag{2}' 'c \tag{1}' >"$work/tags.md"
  [ "$(twice_numbered "$work/tags.md")" = '\tag{1}' ]
}

self_test || {
  echo "self-test failed"
  exit 1
}
: >"$work/met"
failed=0
cd "$LMX_SOURCE_DIR"
for document in README.md docs/*.md; do
  run_blocks "$LMX_SOURCE_DIR/$document" "$document" || failed=1
done
for document in README.md docs/manual.md; do
  grep -qE '^```sh *$' "$document" || {
    echo "$document has no command to run"
    failed=1
  }
done
for entry in "${not_run[@]}"; do
  grep -qxF -e "$entry" "$work/met" || {
    echo "no block begins with \"$entry\", which is in a list"
    failed=1
  }
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
