/** A statement that assigns an export to a variable and to a property of the module object. */
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

/** The place of `current_frame` in CPython's `PyThreadState`, in bytes. */
const CURRENT_FRAME = 52;

/** Further replacements, each of one text by another. */
const REPLACEMENTS: readonly (readonly [string, string])[] = [
  // V8 compiles a function in parentheses with its file, so that Deno's code cache keeps it.
  [
    "async function _createPyodideModule(moduleArg={}){",
    "export default (async function(moduleArg={}){",
  ],
  [";return moduleRtn}export default _createPyodideModule;", ";return moduleRtn});"],
  // The glue reaches the host's files only through the functions in `hostFiles`.
  ['var fs=require("node:fs");', 'var fs=Module["hostFiles"];'],
  ['Tt=h.IN_NODE?A("node:fs"):void 0', "Tt=h.IN_NODE?fs:void 0"],
  // An exported function gets its table slot when an extension refers to it, as the functions of other
  // extensions do. Only functions that the interpreter itself refers to get one at the start.
  [
    "updateGOT(origExports);",
    "updateGOT(Object.fromEntries(Object.keys(GOT).filter(name=>name in origExports).map(name=>[name,origExports[name]])));",
  ],
  // After each library the linker looks at the symbols that have no address yet, not at all that there are:
  // those of large packages are tens of thousands.
  ["var GOTHandler={get(", "var unresolved=new Map;var GOTHandler={get("],
  [
    'rtn=GOT[symName]=new WebAssembly.Global({value:"i32",mutable:true},-1)}',
    'rtn=GOT[symName]=new WebAssembly.Global({value:"i32",mutable:true},-1);unresolved.set(symName,rtn)}',
  ],
  [
    "for(var[symName,entry]of Object.entries(GOT)){if(entry.value==-1){",
    "for(var[symName,entry]of unresolved){if(entry.value!=-1){unresolved.delete(symName)}else{",
  ],
  // A user can do more about the end of an interpreter than its makers.
  [
    'console.error("Pyodide has suffered a fatal error. Please report this to the Pyodide maintainers."),' +
    'console.error("The cause of the fatal error was:"),' +
    "API.inTestHoist?(console.error(t.toString()),console.error(t.stack)):console.error(t)",
    "console.error(`The Python interpreter has failed, and its variables are lost; restart the kernel to go on. " +
    "The cause: ${t}`)",
  ],
  // An image of installed packages records where each library was placed.
  [
    "moduleExports=relocateExports(instance.exports,memoryBase);",
    'moduleExports=relocateExports(instance.exports,memoryBase);Module["onLinked"]?.({path:libName,' +
    "memoryBase,memorySize:metadata.memorySize,tableBase,tableSize:metadata.tableSize,needed:metadata.neededDynlibs,exports:moduleExports});",
  ],
  // While a stack is suspended, others use its part of the memory, and its frames lead into what they wrote there.
  // Python looks at the frames of all stacks when `sys.monitoring` changes or garbage is collected: it finds none.
  [
    "const stackState=new StackState;return{threadState,stackState,suspender:suspenderGlobal.value}",
    `const stackState=new StackState;const frame=HEAPU32[threadState+${CURRENT_FRAME}>>>2];` +
    `HEAPU32[threadState+${CURRENT_FRAME}>>>2]=0;` +
    "return{threadState,frame,stackState,suspender:suspenderGlobal.value}",
  ],
  [
    "state.stackState.restore();",
    `state.stackState.restore();HEAPU32[state.threadState+${CURRENT_FRAME}>>>2]=state.frame;`,
  ],
  // JavaScript functions of the same signature share one WebAssembly module as their trampoline.
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
 * Returns the source of the pinned Pyodide's `pyodide.asm.mjs`, changed to start faster: the work for
 * thousands of functions that only extensions use is deferred until one is used. It reaches the host's
 * files only by the functions that it is given. Throws when the source is not that of the pinned version.
 */
export function leanGlue(source: string): string {
  return REPLACEMENTS.reduce((text, [from, to]) => replaceOnly(text, from, to), leaveOut(source));
}

/** Removes the assignments of exports that the JavaScript does not mention by name. */
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
