/// <reference lib="dom" />
import axe from "axe-core";
import type { Page } from "playwright-core";

/** Returns the faults that axe finds on the page, each with the elements that have it. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(`globalThis.axe ?? (() => { ${axe.source} })()`);
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    // Outputs of others are in frames, which have nothing of this page.
    const { violations } = await axe.run(document, { iframes: false });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  });
}
