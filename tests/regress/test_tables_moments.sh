#!/usr/bin/env bash
# test_tables.sh on cases/moments.
export LMX_TABLES=moments
exec bash "$LMX_SOURCE_DIR/tests/regress/test_tables.sh"
