#!/usr/bin/env bash
# Sets the project up if needed and starts the server:
#   ./start-server.sh --port 8001    settings are flags; --help lists them
#   ./start-server.sh repl           starts a Python prompt instead; repl --help lists its options
set -euo pipefail
# shellcheck source=setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

program=main
if [[ ${1:-} == repl ]]; then
  program=repl/repl
  shift
fi
exec "$project/engine.sh" run -A --no-prompt --cached-only "$project/server/$program.ts" "$@"
