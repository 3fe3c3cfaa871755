#!/usr/bin/env bash
# Flags under which NaN and infinity are not seen are refused when the build is
# set up, not when a run says "out of memory".
# Options are split at blanks; quotes and what is in them is for TOML.
# shellcheck disable=SC2086,SC2089,SC2090,SC2016,SC2010,SC2102,SC2143
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1
configure() {
  "$CMAKE" -S "$LMX_SOURCE_DIR" -B build -DLMX_BUILD_TESTS=OFF "$@" \
    >out 2>err
}
for flags in -DCMAKE_CXX_FLAGS=-ffast-math \
  -DCMAKE_C_FLAGS_RELEASE=-Ofast; do
  rm -rf build
  configure -DCMAKE_BUILD_TYPE=Release "$flags" && fail "$flags is accepted"
  tr -s ' \n' ' ' <err >one_line
  says one_line "landaumax needs NaN and infinity; leave it out"
  # and the same folder without them works
  configure -DCMAKE_C_FLAGS= -DCMAKE_CXX_FLAGS= -DCMAKE_C_FLAGS_RELEASE=-O2 ||
    fail "without $flags: $(tail -5 err)"
done
finish
