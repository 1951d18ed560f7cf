/**
 * Makes `docs/notebook.png`: opens the page in Chromium on a server of its own, runs some cells, and
 * takes a picture. Run it with `deno task docs:screenshot`.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { openNotebook } from "../tests/support/browser.ts";

const TEXT = `from IPython.display import HTML, SVG
from statistics import mean

temperatures = {
    "Monday": [9.2, 8.1, 12.4, 17.9, 18.8, 13.0],
    "Tuesday": [10.4, 8.9, 14.1, 20.3, 20.9, 15.2],
    "Wednesday": [12.8, 11.5, 17.0, 23.1, 24.2, 18.6],
}
for day, values in temperatures.items():
    print(f"{day:10} {mean(values):5.1f} °C")
max(temperatures, key=lambda day: mean(temperatures[day]))`;

const TABLE = `def row(name, cells):
    return f"<tr><th>{name}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"

rows = "".join(row(*day) for day in temperatures.items())
HTML(f"<table>{row('', ['0:00', '4:00', '8:00', '12:00', '16:00', '20:00'])}{rows}</table>")`;

const CHART = `def line(values, colour):
    points = " ".join(f"{10 + 90 * x},{180 - 7 * y}" for x, y in enumerate(values))
    return f'<polyline points="{points}" fill="none" stroke="{colour}"/>'

lines = "".join(map(line, temperatures.values(), ["#2563eb", "#d97706", "#dc2626"]))
size = 'width="480" height="130" stroke-width="3"'
SVG(f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{lines}</svg>')`;

await using notebook = await openNotebook({ context: { viewport: { width: 1240, height: 1085 } } });
const { page } = notebook;
await page.getByTestId("title").fill("Temperatures");
for (const [index, code] of [TEXT, TABLE, CHART].entries()) {
  if (index > 0) await page.getByTestId("add-code").click();
  await notebook.run(index, code);
}
await notebook.output(2).locator("svg, img").first().waitFor();
await page.getByTestId("variable-row").first().waitFor();
await page.getByTestId("kept").getByText("Kept in this browser").waitFor();
await page.keyboard.press("Escape");
await page.screenshot({ path: fileURLToPath(new URL("notebook.png", import.meta.url)) });
