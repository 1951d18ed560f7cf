import assert from "node:assert/strict";
import {
  kindFor,
  kindMetadata,
  languageOf,
  missingKind,
} from "../../../../../server/services/notebooks/format/notebook_kind.ts";

const PYTHON = { name: "python", displayName: "Python", language: "python" };
const WORKER = { name: "python-worker", displayName: "Python (worker)", language: "python" };
const JAVASCRIPT = { name: "javascript", displayName: "JavaScript", language: "javascript" };
const KINDS = [PYTHON, WORKER, JAVASCRIPT];

for (const kind of KINDS) {
  Deno.test(`kindFor() finds the kind again that kindMetadata() says when it is ${kind.name}`, () => {
    const metadata = kindMetadata(kind);
    assert.equal(kindFor(metadata, KINDS), kind);
    assert.equal(missingKind(metadata, KINDS), undefined);
    assert.equal(languageOf(metadata), kind.language);
  });
}

Deno.test("kindFor() returns a kind of the same language when the name is unknown", () => {
  const metadata = { kernelspec: { name: "deno", language: "JavaScript" } };
  assert.equal(kindFor(metadata, KINDS), JAVASCRIPT);
  assert.equal(missingKind(metadata, KINDS), "deno");
});

Deno.test("kindFor() returns the default kind when name and language are unknown", () => {
  const metadata = { kernelspec: { name: "ir", language: "R" }, language_info: { name: "R" } };
  assert.equal(kindFor(metadata, KINDS), PYTHON);
  assert.equal(missingKind(metadata, KINDS), "ir");
  assert.equal(missingKind({ language_info: { name: "R" } }, KINDS), "r");
});

Deno.test("kindFor() returns the default kind when the metadata says nothing that can be read", () => {
  for (
    const metadata of [{}, { kernelspec: null, language_info: [] }, { kernelspec: { name: 1 } }]
  ) {
    assert.equal(kindFor(metadata, KINDS), PYTHON);
    assert.equal(missingKind(metadata, KINDS), undefined);
    assert.equal(languageOf(metadata), "python");
  }
});
