#!/usr/bin/env bash
# Installs into an empty prefix and builds a small program against it, once by
# pkg-config and once by CMake, and the program printed in docs/manual.md; then
# moves the prefix and runs again what the move must not break.
set -euo pipefail

prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
work=$prefix/work
read -r -a flags <<<"${LMX_SANITIZE_FLAGS:-}"

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

mkdir -p "$work"
"$CMAKE" --install "$LMX_BUILD_DIR" --prefix "$prefix/one" >"$work/log" ||
  fail "cmake --install: $(cat "$work/log")"

cat >"$work/tiny.c" <<'END'
#include <landaumax/landaumax.h>
#include <stdio.h>
int main(void)
{
  lmx_model model;
  double D[2] = {0.3, -0.3};
  if (lmx_model_init(NULL, 2, D, &model) != LMX_OK)
    return 1;
  printf("%s %.2f\n", lmx_version(), model.eta);
  return 0;
}
END
expected="$(sed -n 's/^project(landaumax VERSION \([0-9.]*\).*/\1/p' \
  "$LMX_SOURCE_DIR/CMakeLists.txt") 0.70"

# build_and_run PREFIX: by pkg-config.
build_and_run() {
  local pc
  pc=$(find "$1" -name landaumax.pc)
  [ -n "$pc" ] || fail "no landaumax.pc below $1"
  export PKG_CONFIG_PATH=${pc%/*}
  # shellcheck disable=SC2046 # pkg-config prints words
  "$CC" -Wall -Werror "${flags[@]}" "$work/tiny.c" -o "$work/tiny" \
    $(pkg-config --cflags --libs landaumax)
  local libdir
  libdir=$(pkg-config --variable=libdir landaumax)
  [ "$(LD_LIBRARY_PATH=$libdir "$work/tiny")" = "$expected" ] ||
    fail "pkg-config: the program does not print \"$expected\""
  [ "$(pkg-config --modversion landaumax)" = "${expected% *}" ] ||
    fail "landaumax.pc has another version than CMakeLists.txt"
}

# manual_example PREFIX: the program printed in docs/manual.md, built by
# pkg-config, says of a solution what `landaumax probe` says of it.
manual_example() {
  local libdir wanted
  awk '/^```c$/ { inside = 1; next } /^```/ { inside = 0 } inside' \
    "$LMX_SOURCE_DIR/docs/manual.md" >"$work/example.c"
  [ -s "$work/example.c" ] || fail "docs/manual.md has no program"
  # shellcheck disable=SC2046 # pkg-config prints words
  "$CC" -Wall -Wextra -Werror "${flags[@]}" "$work/example.c" \
    -o "$work/example" $(pkg-config --cflags --libs landaumax)
  [ -n "${LANDAUMAX:-}" ] || return 0
  libdir=$(pkg-config --variable=libdir landaumax)
  "$LANDAUMAX" run "$1/share/landaumax/cases/anisotropic_gaussian_2d.toml" \
    --out "$work/run" --quiet --set grid.points=32 --set time.end=0.1 \
    --set time.output=0.1 --set figures.enabled=false
  wanted=$(echo 3 4 | "$LANDAUMAX" probe "$work/run" | cut -d " " -f 4-6)
  [ "$(LD_LIBRARY_PATH=$libdir "$work/example" \
    "$1/share/landaumax/cases/anisotropic_gaussian_2d.toml")" = "$wanted" ] ||
    fail "the program of docs/manual.md does not print \"$wanted\""
}

# cmake_and_run PREFIX: by find_package.
cmake_and_run() {
  rm -rf "$work/cmake"
  mkdir "$work/cmake"
  cat >"$work/cmake/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.18)
project(tiny C)
find_package(landaumax 0.1 REQUIRED)
add_executable(tiny ../tiny.c)
target_link_libraries(tiny landaumax::landaumax)
END
  "$CMAKE" -S "$work/cmake" -B "$work/cmake/build" -G Ninja \
    -DCMAKE_PREFIX_PATH="$1" -DCMAKE_C_COMPILER="$CC" \
    -DCMAKE_C_FLAGS="${flags[*]}" >"$work/log" 2>&1 ||
    fail "find_package: $(cat "$work/log")"
  "$CMAKE" --build "$work/cmake/build" >"$work/log" 2>&1 ||
    fail "building by CMake: $(cat "$work/log")"
  [ "$("$work/cmake/build/tiny")" = "$expected" ] ||
    fail "CMake: the program does not print \"$expected\""
}

# everything_is_there PREFIX
everything_is_there() {
  local header name
  for header in "$LMX_SOURCE_DIR"/include/landaumax/*.h; do
    cmp -s "$header" "$1/include/landaumax/${header##*/}" ||
      fail "${header##*/} is not installed as it is"
  done
  for name in cases plots; do
    if [ -d "$LMX_SOURCE_DIR/$name" ]; then
      diff -r "$LMX_SOURCE_DIR/$name" "$1/share/landaumax/$name" ||
        fail "$name are not installed as they are"
    fi
  done
  [ -n "${LANDAUMAX:-}" ] || return 0
  [ "$("$1/bin/landaumax" --version)" = "$("$LANDAUMAX" --version)" ] ||
    fail "the installed program does not run like the built one"
  [ -s "$1/share/man/man1/landaumax.1" ] || fail "there is no man page"
  ! grep -Eq '@[A-Z_]+@' "$1/share/man/man1/landaumax.1" ||
    fail "the man page has unfilled places"
}

everything_is_there "$prefix/one"
build_and_run "$prefix/one"
manual_example "$prefix/one"
cmake_and_run "$prefix/one"
mv "$prefix/one" "$prefix/two"
everything_is_there "$prefix/two"
build_and_run "$prefix/two"
cmake_and_run "$prefix/two"
