#!/usr/bin/env bash
# Makes the project ready to run: finds or installs Deno, installs the packages of deno.lock, builds the
# page, and makes the files that kernels start from. It can be run by itself; start-server.sh and
# run-tests.sh source it and use the variables DENO (the executable) and project (this directory).
set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
pinned=2.9.5

# suitable_deno COMMAND: prints the path of the executable that the command runs if its version is at
# least 2.9 and below 3. Deno itself is asked for the path, because npm's wrapper script, which the
# command may be, does not pass signals on.
suitable_deno() {
  "$1" eval --no-config '
    const [major, minor] = Deno.version.deno.split(".").map(Number);
    if (major !== 2 || minor < 9) Deno.exit(1);
    console.log(Deno.execPath());
  ' 2>/dev/null
}

install_deno() {
  local tool wrapper=$project/.deno/node_modules/deno/bin.cjs
  for tool in node npm; do
    if ! command -v "$tool" >/dev/null; then
      echo "setup: There is no Deno 2.9 or later on PATH, and $tool, which could install it, is missing." >&2
      echo "setup: Install Deno 2.9 or later, or Node.js with npm, or set DENO=/path/to/deno." >&2
      return 1
    fi
  done
  echo "setup: installing Deno $pinned into .deno/" >&2
  # bin.cjs finds the platform's executable by itself, so npm need not run install scripts.
  npm install --prefix "$project/.deno" --no-save --ignore-scripts --prefer-offline \
    --no-audit --no-fund --loglevel=error "deno@$pinned" >&2 || return
  suitable_deno "$wrapper" || {
    echo "setup: Deno $pinned does not run on this machine:" >&2
    node "$wrapper" --version >&2
    return 1
  }
}

find_deno() {
  if [[ -n ${DENO:-} ]]; then
    suitable_deno "$DENO" && return
    echo "setup: DENO=$DENO is not a Deno 2.9 or later; looking for another." >&2
  fi
  suitable_deno deno || suitable_deno "$project/.deno/node_modules/deno/deno" || install_deno
}

DENO=$(find_deno)
export DENO
# The library names the versions of its packages in its imports, so that a program elsewhere can import
# kernel/mod.ts without an import map. The server's versions are in deno.json. deno.lock has both.
(
  cd "$project"
  "$DENO" install --quiet --frozen
  "$DENO" install --quiet --frozen --entrypoint kernel/mod.ts kernel/pyodide/worker_entry.ts \
    kernel/pyodide/process_entry.ts kernel/javascript/own_parser.ts kernel/shell_bundle/bundle_entry.ts bench/load_pyodide.ts
  "$DENO" run -A --no-prompt kernel/pyodide/build_glue.ts
  "$DENO" run -A --no-prompt kernel/javascript/build_parser.ts
  "$DENO" run -A --no-prompt kernel/shell_bundle/build_shell.ts
  "$DENO" run -A --no-prompt server/ui/build.ts
  "$DENO" run -A --no-prompt server/prepare.ts
) >&2
