import assert from "node:assert/strict";
import { nameInGroup, ownerOf, Scope } from "../../../../server/services/namespaces/scope.ts";

Deno.test("ownerOf() is the first part of the namespace in a kernel's id", () => {
  assert.equal(ownerOf("demo"), "");
  assert.equal(ownerOf("alice:demo"), "alice");
  assert.equal(ownerOf("alice.mcp:demo"), "alice");
  assert.equal(ownerOf("alice-2:demo"), "alice-2");
  assert.equal(ownerOf(":demo"), "");
});

Deno.test("a scope has the kernels of its namespace, and no namespace whose name begins so", () => {
  const alice = new Scope("alice");
  assert(alice.has("alice:demo") && alice.has("alice.mcp:demo"));
  for (const id of ["demo", "alice", "alice2:demo", "bob:alice", "bob.alice:demo", "Alice:demo"]) {
    assert(!alice.has(id), id);
    assert(Scope.everything.has(id), id);
  }
});

Deno.test("Scope.fullId() stays in the scope whatever it is given", () => {
  const alice = new Scope("alice");
  assert.equal(alice.fullId("demo"), "alice:demo");
  assert.equal(alice.fullId("alice:demo"), "alice:demo");
  assert.equal(alice.fullId("mcp:demo"), "alice.mcp:demo");
  for (const id of ["", ":", "bob:demo", "alice", "alice2:x", ".:x", "bob.alice:demo"]) {
    assert.equal(ownerOf(alice.fullId(id)), "alice", id);
  }
  assert.equal(Scope.everything.fullId("bob:demo"), "bob:demo");
});

Deno.test("Scope.group() stays in the namespace", () => {
  const alice = new Scope("alice");
  assert.equal(alice.group(undefined), "alice");
  assert.equal(alice.group("alice"), "alice");
  assert.equal(alice.group("mcp"), "alice.mcp");
  assert.equal(alice.group("alice.mcp"), "alice.mcp");
  assert.equal(alice.group("bob"), "alice.bob");
  assert.equal(Scope.everything.group("bob"), "bob");
  assert.equal(Scope.everything.group(undefined), undefined);
});

Deno.test("nameInGroup() finds a group with and without a namespace before it", () => {
  assert.equal(nameInGroup("mcp:notes", "mcp"), "notes");
  assert.equal(nameInGroup("alice.mcp:notes", "mcp"), "notes");
  for (const id of ["notes", "mcp", "alice:notes", "alice.x.mcp:notes", "mcp.alice:notes"]) {
    assert.equal(nameInGroup(id, "mcp"), undefined, id);
  }
});
