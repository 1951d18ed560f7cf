import assert from "node:assert/strict";
import { toHttpError } from "../../../server/errors/http_error.ts";
import { systemRefusal } from "../../../server/errors/system_error.ts";

Deno.test("systemRefusal() gives each error of the system about a path a status", () => {
  const statuses = Object.entries({
    ENOENT: 404,
    ENOTDIR: 404,
    ENAMETOOLONG: 400,
    EINVAL: 400,
    ELOOP: 400,
    ENXIO: 400,
    EACCES: 403,
    EROFS: 403,
    EISDIR: 409,
    EEXIST: 409,
    ENOSPC: 507,
    EIO: 500,
    constructor: 500,
  });
  for (const [code, status] of statuses) {
    const error = Object.assign(new Error("detail"), { code });
    assert.equal(toHttpError(systemRefusal(error, "a/b")).status, status, code);
  }
});
