#!/usr/bin/env bash
# robust.memory_limits with forty limits for each command, more than 500.
LMX_LIMITS=${LMX_LIMITS:-40} exec bash "$LMX_SOURCE_DIR/tests/robust/test_memory_limits.sh"
