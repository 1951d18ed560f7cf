import DOMPurify from "dompurify";

const purify = DOMPurify(globalThis as unknown as Window & typeof globalThis);

// What a link in a notebook opens gets no hold of this page; what it names is not told where from.
purify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName === "A" && node.hasAttribute("href")) {
    node.setAttribute("target", "_blank");
    node.setAttribute("rel", "noopener noreferrer");
  }
  // What is shown is all there: nothing is fetched because somebody looks at it.
  if (node.hasAttribute("src") && !/^(data|blob):/.test(node.getAttribute("src")!)) {
    node.removeAttribute("src");
  }
});

/** HTML that shows and does nothing: no scripts, no forms, no styles of the page's own names. */
export function sanitizeHtml(html: string): string {
  return purify.sanitize(html, {
    USE_PROFILES: { html: true, mathMl: true, svg: true },
    FORBID_TAGS: ["style", "form", "input", "button", "textarea", "select", "link", "meta", "base"],
    FORBID_ATTR: ["id", "name", "srcset"],
    ALLOW_DATA_ATTR: false,
  });
}

/** A drawing without scripts and without anything that is fetched. */
export function sanitizeSvg(svg: string): string {
  return purify.sanitize(svg, {
    USE_PROFILES: { svg: true, svgFilters: true },
    FORBID_TAGS: ["style", "a", "image", "feImage"],
    ADD_TAGS: ["use"],
  });
}
