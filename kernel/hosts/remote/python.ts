/**
 * The questions for which Jupyter's protocol has no message, in Python. A kernel evaluates an expression
 * as a user expression of a silent execution; its value shows itself as JSON.
 *
 * @module
 */

/** Returns an expression that runs code in a namespace of its own and shows the JSON of its `answer()`. */
function shown(code: string): string {
  const value = `(lambda n: (exec(${JSON.stringify(code)}, n), n["answer"]())[1])({})`;
  return `type("_", (), {"_repr_mimebundle_": lambda self, **_: {"application/json": ${value}}})()`;
}

/** The variables that cells have made, in the shape of the call `variables`. */
export const VARIABLES: string = shown(`
import sys, types
from IPython import get_ipython
def summary(value):
    text = " ".join(repr(value).split())
    return text if len(text) <= 200 else text[:199] + "…"
def attempt(ask, value):
    try:
        return ask(value)
    except Exception:
        return None
def shape(value):
    found = getattr(value, "shape", None)
    return [int(size) for size in found] if isinstance(found, tuple) else None
def answer():
    shell = get_ipython()
    return {"variables": [
        {
            "name": name,
            "type": type(value).__name__,
            "summary": attempt(summary, value) or "",
            "bytes": attempt(sys.getsizeof, value),
            "length": attempt(len, value),
            "shape": attempt(shape, value),
        }
        for name, value in sorted(shell.user_ns.items())
        if not name.startswith("_") and name not in shell.user_ns_hidden
        and not isinstance(value, types.ModuleType)
    ]}
`);

/** The installed packages, in the shape of the call `packages`. */
export const PACKAGES: string = shown(`
from importlib.metadata import distributions
def answer():
    found = {each.metadata["Name"]: each.version for each in distributions() if each.metadata["Name"]}
    return {"packages": [
        {"name": name, "version": version}
        for name, version in sorted(found.items(), key=lambda pair: pair[0].lower())
    ]}
`);

/** The code that installs packages with the pip of the kernel's Python, and raises when that fails. */
export function pipInstallCode(requirements: readonly string[] | string): string {
  return `
def _install(asked):
    import os, subprocess, sys, tempfile
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-color", "--disable-pip-version-check"]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "requirements.txt")
        with open(path, "w") as file:
            file.write(asked if isinstance(asked, str) else "\\n".join(asked))
        done = subprocess.run([*pip, "-r", path], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError((done.stderr or done.stdout).strip()[-2000:])
try:
    _install(${JSON.stringify(requirements)})
finally:
    del _install
`;
}
