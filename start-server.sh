#!/usr/bin/env bash
# Sets the project up if needed and starts the server:
#   ./start-server.sh --port 8001    settings are flags; --help lists them
#   ./start-server.sh mcp            serves one agent over standard input and output; the same flags
#   ./start-server.sh token NAME     makes a token that is bound to a namespace; token --help lists its options
#   ./start-server.sh repl           starts a Python prompt instead; repl --help lists its options
set -euo pipefail
# shellcheck source=setup.sh
# Standard input is the program's alone.
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh" </dev/null

program=main
case ${1:-} in
  mcp) program=mcp_stdio && shift ;;
  token) program=token && shift ;;
  repl) program=repl/repl && shift ;;
esac
exec "$project/engine.sh" run -A --no-prompt --cached-only "$project/server/$program.ts" "$@"
