#!/usr/bin/env bash
# test_tables.sh on the cases that take longer.
export LMX_TABLES=long
exec bash "$LMX_SOURCE_DIR/tests/regress/test_tables.sh"
