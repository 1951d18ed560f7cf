import assert from "node:assert/strict";
import {
  attachmentAddress,
  attachmentUrl,
  freeName,
  usedAttachments,
  withEmbeddedImages,
} from "../../../../../server/services/notebooks/format/attachments.ts";

const IMAGES = {
  "a (1).png": { "image/png": "iVBO\nRw==" },
  "b.svg": { "image/svg+xml": "PHN2Zz4=" },
  "no.txt": { "text/plain": "aGk=" },
  "bad.png": { "image/png": '"><script>' },
};

Deno.test("withEmbeddedImages() puts the images of a cell where its text uses them", () => {
  const source = `![x](${attachmentAddress("a (1).png")}) ![y](attachment:none.png)`;
  assert.equal(source, "![x](attachment:a%20%281%29.png) ![y](attachment:none.png)");
  assert.equal(
    withEmbeddedImages(source, IMAGES),
    "![x](data:image/png;base64,iVBORw==) ![y](attachment:none.png)",
  );
});

Deno.test("attachmentUrl() returns nothing but images in Base64", () => {
  for (const name of ["no.txt", "bad.png", "none", "__proto__"]) {
    assert.equal(attachmentUrl(IMAGES, name), undefined, name);
  }
});

Deno.test("usedAttachments() leaves out the images that a text does not use", () => {
  assert.deepEqual(usedAttachments("![](attachment:b.svg)", IMAGES), { "b.svg": IMAGES["b.svg"] });
  assert.equal(usedAttachments("b.svg", IMAGES), undefined);
});

Deno.test("freeName() numbers a name that is taken", () => {
  assert.equal(freeName("c.png", IMAGES), "c.png");
  assert.equal(freeName("b.svg", { ...IMAGES, "b-1.svg": {} }), "b-2.svg");
  assert.equal(freeName("image", { image: {} }), "image-1");
});
