#!/usr/bin/env bash
# Sets the project up if needed and starts it; arguments go to the program (try --help).
set -euo pipefail
# shellcheck source=setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

exec "$DENO" run -A --no-prompt --cached-only "$project/server/repl.ts" "$@"
