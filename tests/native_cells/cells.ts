import { fileURLToPath } from "node:url";
import { type Kernel, type KernelEvent, KernelManager, KernelMode } from "../../kernel/mod.ts";
import { realPackages } from "../support/real_packages/real_packages.ts";
import { type Output, type ShownOutput, shownOutputs } from "./outputs.ts";

/** A cell with the outputs that a native ipykernel gave. */
export interface RecordedCell {
  code: string;
  outputs: ShownOutput[];
}

/** The recorded cells, by the name of their file. */
export type Recording = Record<string, RecordedCell[]>;

/** The reasons of known differences, by file and number of a cell, such as `numpy 3`. */
export type Differences = Record<string, string>;

/** The recorded outputs of native kernels. */
export const NATIVE: URL = new URL("./native.json", import.meta.url);
/** The recorded differences. */
export const DIFFERENCES: URL = new URL("./differences.json", import.meta.url);

/** Returns the names of the files of cells. */
export async function cellFiles(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(new URL("./cells", import.meta.url))) {
    if (name.endsWith(".py")) names.push(name.slice(0, -3));
  }
  return names.sort();
}

/** Returns the path of a file of cells. */
export function cellPath(file: string): string {
  return fileURLToPath(new URL(`./cells/${file}.py`, import.meta.url));
}

/** Returns the cells of a file. */
export async function readCells(file: string): Promise<string[]> {
  return (await Deno.readTextFile(cellPath(file))).split("# %%\n").slice(1);
}

/** Runs the cells of a file in a kernel of this project, and returns the outputs of each. */
export async function runCells(file: string, cacheDir: string): Promise<ShownOutput[][]> {
  const packages = { ...await realPackages(), cacheDir };
  await using manager = new KernelManager({ packages });
  const kernel = manager.getKernel(await manager.createKernel({ mode: KernelMode.PROCESS }));
  const found: ShownOutput[][] = [];
  for (const code of await readCells(file)) found.push(shownOutputs(await outputsOf(kernel, code)));
  return found;
}

async function outputsOf(kernel: Kernel, code: string): Promise<Output[]> {
  const outputs: Output[] = [];
  using _subscription = kernel.events.on("*", (event) => {
    const output = outputOf(event);
    if (output) outputs.push(output);
  });
  await kernel.execute(code);
  return outputs;
}

function outputOf(event: KernelEvent): Output | undefined {
  switch (event.type) {
    case "stream":
    case "display_data":
    case "update_display_data":
    case "clear_output":
    case "execute_result":
      return { ...event, output_type: event.type } as unknown as Output;
    case "execute_error":
      return { output_type: "error", ename: event.ename, evalue: event.evalue };
    default:
      return undefined;
  }
}

/** Returns a text for each cell of a file whose outputs are not the recorded ones, or are so again. */
export async function compare(
  file: string,
  recorded: RecordedCell[],
  found: ShownOutput[][],
  known: Differences,
): Promise<string[]> {
  const problems: string[] = [];
  const cells = await readCells(file);
  if (JSON.stringify(cells) !== JSON.stringify(recorded.map(({ code }) => code))) {
    problems.push(`${file}: the cells are not those that were recorded`);
  }
  recorded.forEach(({ code, outputs }, index) => {
    const key = `${file} ${index + 1}`;
    const [native, ours] = [outputs, found[index]].map((it) => JSON.stringify(it, null, 1));
    if (native !== ours && known[key] === undefined) {
      problems.push(`${key} differs:\n${code}natively: ${native}\nhere: ${ours}\n`);
    }
    if (native === ours && known[key] !== undefined) {
      problems.push(`${key} differs no more: remove it from the list of differences`);
    }
  });
  return problems;
}
