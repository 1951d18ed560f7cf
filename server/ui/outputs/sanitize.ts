import DOMPurify from "dompurify";

/** The deepest nesting of elements that is shown in the page: layout recurses into each. */
const MAX_DEPTH = 200;

const purify = DOMPurify(globalThis as unknown as Window & typeof globalThis);

// A page that a link opens gets no reference to this page and no referrer.
purify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName === "A" && node.hasAttribute("href")) {
    node.setAttribute("target", "_blank");
    node.setAttribute("rel", "noopener noreferrer");
  }
  // Content is shown without any request to elsewhere, so a source must be in the document.
  if (node.hasAttribute("src") && !/^(data|blob):/.test(node.getAttribute("src")!)) {
    node.removeAttribute("src");
  }
});

/**
 * Removes scripts, forms, style sheets, ids and everything else that could act on the page. Returns
 * null if the elements are nested too deep for the page.
 */
export function sanitizeHtml(html: string): string | null {
  return shallow(purify.sanitize(html, {
    USE_PROFILES: { html: true, mathMl: true, svg: true },
    FORBID_TAGS: ["style", "form", "input", "button", "textarea", "select", "link", "meta", "base"],
    FORBID_ATTR: ["id", "name", "srcset"],
    ALLOW_DATA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  }));
}

/**
 * Removes scripts, links and external resources from an SVG drawing. Returns null if the elements
 * are nested too deep for the page.
 */
export function sanitizeSvg(svg: string): string | null {
  return shallow(purify.sanitize(svg, {
    USE_PROFILES: { svg: true, svgFilters: true },
    FORBID_TAGS: ["style", "a", "image", "feImage"],
    RETURN_DOM_FRAGMENT: true,
  }));
}

function shallow(fragment: DocumentFragment): string | null {
  const container = document.createElement("div");
  container.append(fragment);
  return isDeeper(container, MAX_DEPTH) ? null : container.innerHTML;
}

function isDeeper(root: Element, limit: number): boolean {
  let level = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((element) => [...element.children]);
  }
  return false;
}
