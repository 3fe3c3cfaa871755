#!/usr/bin/env bash
# test_tables.sh on cases/particles.
export LMX_TABLES=particles
exec bash "$LMX_SOURCE_DIR/tests/regress/test_tables.sh"
