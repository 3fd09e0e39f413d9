#!/usr/bin/env bash
# Restores, builds and runs every test; the work is in eng/test.sh.
exec "$(dirname "${BASH_SOURCE[0]}")/eng/test.sh" "$@"
