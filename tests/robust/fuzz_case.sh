#!/usr/bin/env bash
# Fuzzes the case reader with libFuzzer and ASan (needs clang, and the library
# in build/release for the names of checks and systems that cases may hold).
# usage: fuzz_case.sh [INPUTS] [BUILD FOLDER]
# Starts from corpus/; inputs that crash are left in the build folder.
set -euo pipefail

inputs=${1:-1000000}
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
build=$(realpath -m "${2:-$top/build-fuzz}")

mkdir -p "$build/corpus"
# toml++ is compiled in from its header, so that it is instrumented too.
# shellcheck disable=SC2054 # the commas belong to clang
flags=(-g -O1 -fsanitize=fuzzer-no-link,address,undefined
  -fno-sanitize-recover=undefined -fno-omit-frame-pointer
  -I"$top/include" -I"$top/src" -I"$top/tests" -DLMX_VERSION='"fuzz"'
  -DTOML_HEADER_ONLY=1)
libraries="$top/build/release/liblandaumax_internal.a
  $(pkg-config --libs fftw3 hdf5-serial jansson muparser)
  -lsundials_cvode -lsundials_nvecserial $(pkg-config --libs gsl)
  $(gcc -print-file-name=libgomp.so)"

objects=()
for source in "$top"/src/core/{context,memory}.c "$top"/src/case/*.c \
  "$here/fuzz_case.c"; do
  object=$build/$(basename "$source").o
  clang -std=gnu11 "${flags[@]}" -c "$source" -o "$object"
  objects+=("$object")
done
clang++ -std=c++17 "${flags[@]}" -c "$top/src/case/toml.cpp" \
  -o "$build/toml.cpp.o"
objects+=("$build/toml.cpp.o")
# shellcheck disable=SC2086
clang++ -fsanitize=fuzzer,address,undefined "${objects[@]}" $libraries \
  -o "$build/fuzz_case"

cd "$build"
nice ./fuzz_case -runs="$inputs" -max_len=2048 -timeout=10 -rss_limit_mb=2048 \
  -print_final_stats=1 -dict="$here/fuzz_case.dict" "$build/corpus" \
  "$here/corpus" "$top/cases" "$top/cases/moments" "$top/cases/particles" \
  "$here/bad_cases"
