// The AI SDK with a scripted model: a small data analysis. ai_sdk.mjs URL TOKEN, run where it is installed.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { argv, cwd } from "node:process";
import { pathToFileURL } from "node:url";

const require = createRequire(join(cwd(), "package.json"));
const { createMCPClient } = await import(pathToFileURL(require.resolve("@ai-sdk/mcp")).href);
const { generateText, stepCountIs } = await import(pathToFileURL(require.resolve("ai")).href);
const { MockLanguageModelV4 } = await import(pathToFileURL(require.resolve("ai/test")).href);

const [url, token] = argv.slice(2);
const client = await createMCPClient({
  transport: { type: "http", url, headers: { Authorization: `Bearer ${token}` } },
});
const data = "city,celsius\nOslo,4\nRome,16\nCairo,28\n";
const steps = [
  {
    code: "import csv\nrows = list(csv.DictReader(open('data.csv')))\nlen(rows)",
    session: "ai-sdk",
    files: [{ path: "data.csv", text: data }],
  },
  { code: "sum(float(row['celsius']) for row in rows) / len(rows)", session: "ai-sdk" },
];
const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};
let step = 0;
const model = new MockLanguageModelV4({
  doGenerate() {
    const input = steps[step++];
    const content = input
      ? [{
        type: "tool-call",
        toolCallId: String(step),
        toolName: "run_code",
        input: JSON.stringify(input),
      }]
      : [{ type: "text", text: "The mean is 16." }];
    const reason = input ? "tool-calls" : "stop";
    return Promise.resolve({
      content,
      finishReason: { unified: reason, raw: reason },
      usage,
      warnings: [],
    });
  },
});
const result = await generateText({
  model,
  tools: await client.tools(),
  stopWhen: stepCountIs(5),
  prompt: "What is the mean temperature?",
});
assert.equal(result.text, "The mean is 16.");
const answers = result.steps.flatMap(({ toolResults }) => toolResults);
assert.match(JSON.stringify(answers.at(-1).output), /16\.0/);
await client.close();
