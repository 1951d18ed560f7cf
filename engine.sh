#!/usr/bin/env bash
# Runs Deno as suits a process with many worker kernels: ./engine.sh SUBCOMMAND ARGUMENTS...
set -euo pipefail

flags=
# Stacks on which deep recursion in a kernel's C code raises RecursionError instead of ending it; the
# main thread's own has to hold them.
export RUST_MIN_STACK=8388608
stack=$(ulimit -s)
if [[ $stack == unlimited || $stack -ge 8192 ]]; then
  flags=--stack-size=7000,--wasm-stack-switching-stack-size=7000,
fi
# A quarter of an idle kernel's memory was garbage that V8 had no reason to collect, and memory that
# malloc kept for itself.
flags+=--max-semi-space-size=1
export MALLOC_TRIM_THRESHOLD_=131072 MALLOC_MMAP_THRESHOLD_=131072

installed=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/.deno/node_modules/deno/deno
exec "${DENO:-$(command -v deno || echo "$installed")}" "$1" "--v8-flags=$flags" "${@:2}"
