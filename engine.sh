#!/usr/bin/env bash
# Runs Deno with the engine's options for a process with many worker kernels:
#   ./engine.sh SUBCOMMAND ARGUMENTS...    such as ./engine.sh run -A --no-prompt program.ts
set -euo pipefail

flags=
# Deep recursion in a kernel's C code raises RecursionError before the engine's stack ends; these sizes are a
# margin for packages with C code of their own. The main thread needs a system stack that is larger than the engine's.
export RUST_MIN_STACK=8388608
stack=$(ulimit -s)
if [[ $stack == unlimited || $stack -ge 8192 ]]; then
  flags=--stack-size=3500,--wasm-stack-switching-stack-size=7000,
fi
# Without these options, a quarter of an idle kernel's memory is garbage that V8 has not collected and
# memory that malloc has not given back.
flags+=--max-semi-space-size=1
export MALLOC_TRIM_THRESHOLD_=131072 MALLOC_MMAP_THRESHOLD_=131072

installed=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/.deno/node_modules/deno/deno
exec "${DENO:-$(command -v deno || echo "$installed")}" "$1" "--v8-flags=$flags" "${@:2}"
