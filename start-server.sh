#!/usr/bin/env bash
# Sets the project up if needed and starts the server, or with "repl" a Python prompt; the other
# arguments go to the program (try --help).
set -euo pipefail
# shellcheck source=setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

program=main
if [[ ${1:-} == repl ]]; then
  program=repl/repl
  shift
fi
exec "$project/engine.sh" run -A --no-prompt --cached-only "$project/server/$program.ts" "$@"
