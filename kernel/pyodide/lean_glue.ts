/** An assignment of an export to a variable, and to the module object. */
const ASSIGNMENT = /^([\w$]+)=Module\["([\w$]+)"\]=wasmExports\["([\w$]+)"\](?:\.value>>>0)?$/;
const IDENTIFIER = /[A-Za-z_$][\w$]*/g;
/** The least number of assignments to leave out; fewer mean that the source has changed. */
const FEWEST_LEFT_OUT = 4_000;

const ASSIGN = "function assignWasmExports(wasmExports){";
const AFTER_ASSIGN = "}var wasmImports={";

/** Makes a left-out assignment when its property is first read: a function, or the address of a variable. */
const ASSIGN_WHEN_ASKED = `Object.setPrototypeOf(Module,new Proxy({},{
has(target,name){
return typeof name=="string"&&name[0]=="_"&&Object.hasOwn(wasmExports,name.slice(1))||Reflect.has(target,name)},
get(target,name,receiver){
if(typeof name!="string"||name[0]!="_"||!Object.hasOwn(wasmExports,name.slice(1)))return Reflect.get(target,name,receiver);
var value=wasmExports[name.slice(1)];
return Module[name]=value instanceof WebAssembly.Global?value.value>>>0:value}}))`;

/** Further replacements, each of one text by another. */
const REPLACEMENTS: readonly (readonly [string, string])[] = [
  // V8 compiles a function in parentheses with its file, so that Deno's code cache keeps it.
  [
    "async function _createPyodideModule(moduleArg={}){",
    "export default (async function(moduleArg={}){",
  ],
  [";return moduleRtn}export default _createPyodideModule;", ";return moduleRtn});"],
  // A table slot for each function that is exported is made when an extension asks for it, as it is
  // for functions of other extensions. Only what the interpreter itself asks for is there at once.
  [
    "updateGOT(origExports);",
    "updateGOT(Object.fromEntries(Object.keys(GOT).filter(name=>name in origExports).map(name=>[name,origExports[name]])));",
  ],
  // A function of JavaScript gets its WebAssembly from one module for each signature.
  [
    "var convertJsFunctionToWasm=(func,sig)=>{",
    "var trampolines={};var convertJsFunctionToWasm=(func,sig)=>{",
  ],
  [
    "var module=new WebAssembly.Module(bytes);var instance=new WebAssembly.Instance(module,{e:{f:func}});",
    "var module=trampolines[sig]??=new WebAssembly.Module(bytes);var instance=new WebAssembly.Instance(module,{e:{f:func}});",
  ],
];

/**
 * The source of the pinned Pyodide's `pyodide.asm.mjs`, made to start in less time: what a start does
 * for thousands of functions that only extensions ask for is done when one asks. Throws when the
 * source is not the expected one.
 */
export function leanGlue(source: string): string {
  return REPLACEMENTS.reduce((text, [from, to]) => replaceOnly(text, from, to), leaveOut(source));
}

/** Leaves out the assignments of exports that no JavaScript names. */
function leaveOut(source: string): string {
  const bodyAt = placeOf(source, ASSIGN) + ASSIGN.length;
  const endAt = placeOf(source, AFTER_ASSIGN);
  const varAt = source.lastIndexOf(";var ", bodyAt);
  const declared = source.slice(varAt + ";var ".length, bodyAt - ASSIGN.length).replace(/;$/, "");
  if (endAt < bodyAt || !/^[\w$,]+$/.test(declared)) {
    throw new Error(
      "Cannot make the glue lean: the variables are not right before their assignment",
    );
  }
  const named = new Set((source.slice(0, varAt) + source.slice(endAt)).match(IDENTIFIER));
  const leftOut = new Set<string>();
  const kept = source.slice(bodyAt, endAt).split(";").filter((statement) => {
    const [, variable, property, name] = ASSIGNMENT.exec(statement) ?? [];
    if (!variable || variable !== property || variable !== `_${name}`) return true;
    if (named.has(variable)) return true;
    leftOut.add(variable);
    return false;
  });
  if (leftOut.size < FEWEST_LEFT_OUT) {
    throw new Error(`Cannot make the glue lean: only ${leftOut.size} exports can be left out`);
  }
  const variables = declared.split(",").filter((name) => !leftOut.has(name));
  const assignments = [...kept, ASSIGN_WHEN_ASKED].join(";");
  return `${source.slice(0, varAt)};var ${variables.join(",")};${ASSIGN}${assignments}${
    source.slice(endAt)
  }`;
}

/** Returns the position of a text; throws unless it is there exactly once. */
function placeOf(source: string, text: string): number {
  const at = source.indexOf(text);
  if (at < 0 || source.indexOf(text, at + 1) >= 0) {
    throw new Error(`Cannot make the glue lean: not exactly one "${text.slice(0, 60)}"`);
  }
  return at;
}

function replaceOnly(source: string, text: string, replacement: string): string {
  const at = placeOf(source, text);
  return source.slice(0, at) + replacement + source.slice(at + text.length);
}
