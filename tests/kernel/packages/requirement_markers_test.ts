import assert from "node:assert/strict";
import {
  applies,
  markerEnvironment,
  requiredNames,
} from "../../../kernel/packages/requirement_markers.ts";

const environment = markerEnvironment({ abiVersion: "2026_0", pythonMinor: 14 });

Deno.test("applies() compares versions as versions, and texts as texts", () => {
  for (
    const [marker, expected] of [
      ["", true],
      ["python_version >= '3.9'", true],
      ['python_version < "3.14"', false],
      ["'3.14' == python_version", true],
      ["python_full_version ~= '3.14.0'", true],
      ["sys_platform == 'emscripten'", true],
      ["sys_platform in 'win32 emscripten'", true],
      ["platform_system not in 'Windows'", true],
      ["os.name == 'posix'", true],
      ["sys_platform == 'win32' or python_version > '3' and os_name == 'posix'", true],
      ["(sys_platform == 'win32' or python_version > '3') and os_name == 'nt'", false],
      ["extra == 'test'", false],
      ["python_version >= '3' and extra == 'test'", false],
    ] as const
  ) assert.equal(applies(marker, environment), expected, marker);
});

Deno.test("applies() is false for a marker that is malformed", () => {
  for (
    const marker of ["python_version", "(os_name == 'posix'", "nosuch == 'x'", "os_name ! 'x'"]
  ) {
    assert.equal(applies(marker, environment), false, marker);
  }
});

Deno.test("requiredNames() reads the header of METADATA alone, each name once", () => {
  const metadata = [
    "Name: alpha",
    "Requires-Dist: numpy>=1.26; python_version < '3.14'",
    "Requires-Dist: numpy>=2.3 ; python_version >= '3.14'",
    "Requires-Dist: Python_DateUtil>=2.8.2",
    "Requires-Dist: tzdata; sys_platform == 'win32'",
    "Requires-Dist: tzdata; sys_platform == 'emscripten'",
    "Requires-Dist: pytest; extra == 'test'",
    "",
    "Requires-Dist: body",
  ].join("\n");
  assert.deepEqual(requiredNames(metadata, environment), [
    { name: "numpy", conditional: true },
    { name: "python-dateutil", conditional: false },
    { name: "tzdata", conditional: true },
  ]);
});
