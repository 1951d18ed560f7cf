#!/usr/bin/env bash
# Sets the project up if needed and starts the server, or with "repl" a Python prompt; the other
# arguments go to the program (try --help).
set -euo pipefail
# shellcheck source=setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

program=main
if [[ ${1:-} == repl ]]; then
  program=repl
  shift
fi
# Stacks on which deep recursion in a worker kernel's C code raises RecursionError instead of ending it;
# the main thread's own has to hold them.
export RUST_MIN_STACK=8388608
flags=()
stack=$(ulimit -s)
if [[ $stack == unlimited || $stack -ge 8192 ]]; then
  flags=(--v8-flags=--stack-size=7000,--wasm-stack-switching-stack-size=7000)
fi
exec "$DENO" run -A --no-prompt --cached-only "${flags[@]}" "$project/server/$program.ts" "$@"
