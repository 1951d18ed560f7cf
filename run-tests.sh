#!/usr/bin/env bash
# Runs every check and test; the last line is "N passed, N failed", with skipped ones if any.
#   ./run-tests.sh              everything, installing the Debian packages that the tests need
#   ./run-tests.sh --quick      without end-to-end tests; installs no Debian packages
#   ./run-tests.sh ARGUMENTS    only `deno test ARGUMENTS`
set -euo pipefail

passed=0 failed=1 skipped=0 # what is true when the set-up fails
log=$(mktemp)
trap finish EXIT

finish() {
  rm -f "$log"
  printf '\n%d passed, %d failed' "$passed" "$failed"
  ((skipped == 0)) || printf ', %d skipped' "$skipped"
  printf '\n'
}

# shellcheck source=setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
cd "$project"
failed=0

# Runs a command, showing its output and keeping it in $log without colour codes.
run() {
  printf '\n$ %s\n' "$*"
  "$@" 2>&1 </dev/null | tee "$log"
  local status=${PIPESTATUS[0]} escape=$'\e'
  sed "s/$escape\[[0-9;]*[A-Za-z]//g" "$log" >"$log.plain" && mv "$log.plain" "$log"
  return "$status"
}

# number PATTERN TEXT: the number inside what the pattern matches, or 0.
number() {
  local match
  match=$(grep -aoE "$1" <<<"$2" | grep -aoE '[0-9]+' | tail -n 1) || true
  echo "${match:-0}"
}

# add PASSED FAILED SKIPPED STATUS: a runner that fails without a failed test counts as one.
add() {
  passed=$((passed + ($1 > 0 ? $1 : 0)))
  failed=$((failed + ($4 != 0 && $2 == 0 ? 1 : $2)))
  skipped=$((skipped + $3))
}

static_checks() {
  local status=0
  run "$DENO" task static || status=$?
  add 0 0 0 "$status"
}

# deno_tests COMMAND...: runs Deno with it and adds what its last line says.
deno_tests() {
  local status=0 summary
  run "$DENO" "$@" || status=$?
  summary=$(grep -aE '^(ok|FAILED) \| [0-9]+ passed' "$log" | tail -n 1) || true
  add "$(number '[0-9]+ passed' "$summary")" "$(number '[0-9]+ failed' "$summary")" \
    "$(number '[0-9]+ ignored' "$summary")" "$status"
}

# The system's Python, because that is the one Debian's packages are for.
unittest() {
  cd "$1" && PYTHONPATH=src /usr/bin/python3 -m unittest discover -s tests -t .
}

python_tests() {
  local status=0 ran summary bad skip
  run unittest "$1" || status=$?
  ran=$(grep -aE '^Ran [0-9]+ tests? in' "$log" | tail -n 1) || true
  summary=$(grep -aE '^(OK|FAILED|NO TESTS RAN)( \(.*\))?$' "$log" | tail -n 1) || true
  bad=$(($(number '\(failures=[0-9]+' "$summary") + $(number 'errors=[0-9]+' "$summary") + \
    $(number 'unexpected successes=[0-9]+' "$summary")))
  skip=$(number 'skipped=[0-9]+' "$summary")
  add $(($(number '^Ran [0-9]+' "$ran") - bad - skip)) "$bad" "$skip" "$status"
}

missing_packages() {
  local package
  for package in chromium python3-numpy python3-pandas python3-matplotlib python3-ipython \
    jupyter-server jupyter-nbconvert python3-nbclient python3-jupyter-kernel-test python3-ipykernel \
    python3-sympy python3-mpmath python3-networkx python3-six python3-dateutil python3-bs4 python3-soupsieve \
    python3-ipywidgets python3-notebook; do
    [[ $(dpkg-query -W -f='${Status}' "$package" 2>/dev/null) == *" installed" ]] || echo "$package"
  done
}

# install_packages PACKAGE...: with apt-get, as root or through sudo.
install_packages() {
  local sudo=()
  if ! command -v apt-get >/dev/null; then
    echo "The tests need Debian's $*, and there is no apt-get to install them." >&2
    return 1
  fi
  if [[ $EUID -ne 0 ]]; then
    if ! command -v sudo >/dev/null; then
      echo "The tests need $*: install them as root, or install sudo." >&2
      return 1
    fi
    sudo=(sudo)
  fi
  "${sudo[@]}" apt-get update &&
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# Installs what is missing for the browser's and the Python package's tests; counts as a failure when it cannot.
system_packages() {
  local missing
  missing=$(missing_packages)
  [[ -z $missing ]] && return
  # shellcheck disable=SC2086 # one word for each package
  run install_packages $missing || add 0 0 0 1
}

all_python_tests() {
  local missing tests
  missing=$(missing_packages)
  if [[ -n $missing ]]; then
    echo "Leaving out the Python tests, which need ${missing//$'\n'/, }."
    return
  fi
  for tests in pypi/*/tests; do
    python_tests "${tests%/tests}"
  done
}

case ${1:-} in
"")
  static_checks
  system_packages
  deno_tests task test
  # A browser that shares the processors with everything else waits longer than its tests do.
  deno_tests task test:browser
  all_python_tests
  ;;
--quick)
  static_checks
  deno_tests task test
  all_python_tests
  ;;
*) deno_tests test -A --no-prompt --doc "$@" ;;
esac

((failed == 0 && passed > 0))
