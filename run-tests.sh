#!/usr/bin/env bash
# Runs every check and test. The last line is "N passed, N failed", and ", N skipped" if tests were skipped.
# The tests that failed are listed before it.
#   ./run-tests.sh              everything, installing the Debian packages that the tests need
#   ./run-tests.sh --quick      the checks, and the tests of the library's and the server's own code, in three
#                               minutes; installs no Debian packages
#   ./run-tests.sh ARGUMENTS    only `deno test ARGUMENTS`
set -euo pipefail

passed=0 failed=1 skipped=0 # The set-up counts as one failure until it is done.
log=$(mktemp)
failures=$(mktemp) # The names of the tests that failed, and the first line of each error.
trap finish EXIT

finish() {
  if [[ -s $failures ]]; then
    printf '\nFailed:\n'
    cat "$failures"
  fi
  rm -f "$log" "$failures"
  printf '\n%d passed, %d failed' "$passed" "$failed"
  ((skipped == 0)) || printf ', %d skipped' "$skipped"
  printf '\n'
}

# shellcheck source=setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
cd "$project"
failed=0

# run COMMAND...: runs the command, shows its output, and writes the output without colours to $log.
run() {
  printf '\n$ %s\n' "$*"
  "$@" 2>&1 </dev/null | tee "$log"
  local status=${PIPESTATUS[0]} escape=$'\e'
  sed "s/$escape\[[0-9;]*[A-Za-z]//g" "$log" >"$log.plain" && mv "$log.plain" "$log"
  return "$status"
}

# number PATTERN TEXT: prints the last number in the text that the pattern matches, or 0.
number() {
  local match
  match=$(grep -aoE "$1" <<<"$2" | grep -aoE '[0-9]+' | tail -n 1) || true
  echo "${match:-0}"
}

# add PASSED FAILED SKIPPED STATUS: adds the counts of a test runner. A runner that ends with another
# status than 0 although no test failed counts as one failure.
add() {
  passed=$((passed + ($1 > 0 ? $1 : 0)))
  failed=$((failed + ($4 != 0 && $2 == 0 ? 1 : $2)))
  skipped=$((skipped + $3))
}

static_checks() {
  local status=0
  run "$DENO" task static || { status=$?; tail -n 20 "$log" >>"$failures"; }
  add 0 0 0 "$status"
}

# deno_tests ARGUMENTS...: runs Deno with the arguments and adds the counts of its last line.
deno_tests() {
  local status=0 summary
  run "$DENO" "$@" || status=$?
  summary=$(grep -aE '^(ok|FAILED) \| [0-9]+ passed' "$log" | tail -n 1) || true
  sed -n '/^ ERRORS $/,/^ FAILURES $/p' "$log" | grep -aE ' => |\(uncaught error\)|^error: ' >>"$failures" ||
    ((status == 0)) || tail -n 20 "$log" >>"$failures"
  add "$(number '[0-9]+ passed' "$summary")" "$(number '[0-9]+ failed' "$summary")" \
    "$(number '[0-9]+ ignored' "$summary")" "$status"
}

# unittest DIRECTORY: runs the tests of a Python package with the system's Python, which has Debian's packages.
unittest() {
  cd "$1" && PYTHONPATH=src /usr/bin/python3 -m unittest discover -s tests -t .
}

# python_tests DIRECTORY: runs the tests of a Python package and adds their counts.
python_tests() {
  local status=0 ran summary bad skip
  run unittest "$1" || status=$?
  grep -aE '^(FAIL|ERROR): ' "$log" >>"$failures" || true
  ran=$(grep -aE '^Ran [0-9]+ tests? in' "$log" | tail -n 1) || true
  summary=$(grep -aE '^(OK|FAILED|NO TESTS RAN)( \(.*\))?$' "$log" | tail -n 1) || true
  bad=$(($(number '\(failures=[0-9]+' "$summary") + $(number 'errors=[0-9]+' "$summary") + \
    $(number 'unexpected successes=[0-9]+' "$summary")))
  skip=$(number 'skipped=[0-9]+' "$summary")
  add $(($(number '^Ran [0-9]+' "$ran") - bad - skip)) "$bad" "$skip" "$status"
}

# missing_packages: prints the Debian packages that the tests need and that are not installed.
missing_packages() {
  local package
  for package in chromium curl jq python3-numpy python3-pandas python3-matplotlib python3-ipython \
    jupyter-server jupyter-nbconvert python3-nbclient python3-jupyter-kernel-test python3-ipykernel \
    python3-sympy python3-mpmath python3-networkx python3-six python3-dateutil python3-bs4 python3-soupsieve \
    python3-ipywidgets python3-notebook libpython3.11-testsuite; do
    [[ $(dpkg-query -W -f='${Status}' "$package" 2>/dev/null) == *" installed" ]] || echo "$package"
  done
}

# install_packages PACKAGE...: installs Debian packages with apt-get, as root or through sudo.
install_packages() {
  local sudo=()
  if ! command -v apt-get >/dev/null; then
    echo "The tests need the Debian packages $*, and there is no apt-get that could install them." >&2
    return 1
  fi
  if [[ $EUID -ne 0 ]]; then
    if ! command -v sudo >/dev/null; then
      echo "The tests need the Debian packages $*: install them as root, or install sudo." >&2
      return 1
    fi
    sudo=(sudo)
  fi
  "${sudo[@]}" apt-get update &&
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# system_packages: installs the Debian packages that are missing. Packages that cannot be installed count as
# one failure.
system_packages() {
  local missing
  missing=$(missing_packages)
  [[ -z $missing ]] && return
  # shellcheck disable=SC2086 # one word for each package
  run install_packages $missing || add 0 0 0 1
}

# all_python_tests: runs the tests of all Python packages, if the Debian packages for them are installed.
all_python_tests() {
  local missing tests
  missing=$(missing_packages)
  if [[ -n $missing ]]; then
    echo "The Python tests are left out, because these Debian packages are missing: ${missing//$'\n'/, }."
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
  deno_tests task test:clients
  # The browser's tests run after the others and one file at a time: a browser that shares the processors
  # is too slow for the tests' deadlines.
  deno_tests task test:browser
  all_python_tests
  ;;
--quick)
  static_checks
  deno_tests task test:quick
  all_python_tests
  ;;
*) deno_tests test -A --no-prompt --doc "$@" ;;
esac

((failed == 0 && passed > 0))
