#!/usr/bin/env bash
# The rooms of src/ (CONTRIBUTING.md) may include only rooms above them, each
# outside library has its room, and no file exceeds 600 lines.
set -euo pipefail

rooms=(core model grid initial exact solve check moment particle case io run
  cli)
max_lines=600

# Public headers that are not named after their room.
declare -A room_of_header=([table]=core [audit]=check [plot]=io
  [reference]=io [landaumax]=run)
# Libraries that only one room may include: regular expression -> room.
declare -A room_of_library=(
  ['^(cvode|nvector|sundials|sunlinsol|sunnonlinsol|sunmatrix)/']=solve
  ['^toml\+\+']=case
  ['^muParser']=initial
  ['^hdf5']=io)

declare -A rank
for i in "${!rooms[@]}"; do
  rank[${rooms[$i]}]=$i
done

# room_of_include INCLUDED ROOT: the room an #include names, "" if the
# header is not ours, "?" if it is ours and in no room.
room_of_include() {
  local included=$1 root=$2 name
  case $included in
  landaumax/*)
    name=${included#landaumax/}
    name=${name%.h}
    name=${room_of_header[$name]:-$name}
    ;;
  */*)
    name=${included%%/*}
    [ -d "$root/src/$name" ] || return 0
    ;;
  *) return 0 ;; # beside the file, so in its own room; or the system's
  esac
  [ -n "${rank[$name]:-}" ] && echo "$name" || echo "?"
}

# Prints one line for each breach of the order below ROOT.
scan_includes() {
  local root=$1 file room line included other pattern
  while IFS=: read -r file _ line; do
    included=${line#*[<\"]}
    included=${included%%[>\"]*}
    room=${file#"$root"/}
    case $room in
    src/*)
      room=${room#src/}
      room=${room%%/*}
      ;;
    *)
      room=$(basename "$file" .h)
      room=${room_of_header[$room]:-$room}
      ;;
    esac
    if [ -z "${rank[$room]:-}" ]; then
      echo "$file: \"$room\" is not a room"
      continue
    fi
    other=$(room_of_include "$included" "$root")
    if [ "$other" = "?" ]; then
      echo "$file: includes $included, which belongs to no room"
    elif [ -n "$other" ] && [ "${rank[$other]}" -gt "${rank[$room]}" ]; then
      echo "$file: room $room includes $included of the lower room $other"
    fi
    for pattern in "${!room_of_library[@]}"; do
      other=${room_of_library[$pattern]}
      if [[ $included =~ $pattern ]] && [ "$room" != "$other" ]; then
        echo "$file: $included may be included only by room $other"
      fi
    done
  done < <(grep -rnE '^ *# *include' --include='*.[ch]' --include='*.cpp' \
    --include='*.hpp' "$root/src" "$root/include")
}

# Prints one line for each file below ROOT that is too long.
scan_lengths() {
  find "$1" -path "$1/build*" -prune -o -path "$1/.git" -prune -o \
    -type f \( -name '*.[ch]' -o -name '*.cpp' -o -name '*.hpp' -o \
    -name '*.sh' -o -name '*.gp' -o -name '*.cmake' -o \
    -name CMakeLists.txt \) -exec wc -l {} + |
    awk -v most=$max_lines '$2 != "total" && $1 > most {
      print $2 ": " $1 " lines, at most " most " are allowed" }'
}

scan() {
  scan_includes "$1"
  scan_lengths "$1"
}

# The scan must find what it is for: breaches planted in a small tree.
self_test() {
  local root found
  root=$(mktemp -d)
  mkdir -p "$root"/src/{core,grid,solve,attic} "$root/include/landaumax"
  echo '#include "landaumax/core.h"' >"$root/src/solve/good.c"
  echo '#include <cvode/cvode.h>' >>"$root/src/solve/good.c"
  echo '#include "grid/stencil.h"' >>"$root/src/solve/good.c"
  echo '#include "landaumax/core.h"' >"$root/include/landaumax/grid.h"
  [ -z "$(scan "$root")" ] || {
    echo "self-test: the good tree is rejected: $(scan "$root")"
    return 1
  }
  echo '#include "landaumax/solve.h"' >"$root/src/grid/upward.c"
  echo '#include "solve/inner.h"' >"$root/src/core/upward.c"
  echo '#include "landaumax/grid.h"' >"$root/include/landaumax/table.h"
  echo '#  include <toml++/toml.h>' >"$root/src/core/toml.cpp"
  echo '#include "landaumax/other.h"' >"$root/src/core/other.c"
  echo '#include <math.h>' >"$root/src/attic/attic.c"
  seq -f '/* %g */' 601 >"$root/src/core/long.c"
  found=$(scan "$root" | sed "s|^$root/||; s|:.*||" | sort | paste -sd' ')
  rm -rf "$root"
  [ "$found" = "include/landaumax/table.h src/attic/attic.c\
 src/core/long.c src/core/other.c src/core/toml.cpp src/core/upward.c\
 src/grid/upward.c" ] || {
    echo "self-test: found only: $found"
    return 1
  }
}

self_test
breaches=$(scan "$LMX_SOURCE_DIR")
[ -z "$breaches" ] || {
  echo "$breaches"
  exit 1
}
