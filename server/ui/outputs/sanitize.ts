import DOMPurify from "dompurify";
import { isCostlyToParse } from "./parsing_cost.ts";

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
 * null if the HTML could keep the page busy.
 */
export function sanitizeHtml(html: string): string | null {
  if (isCostlyToParse(html)) return null;
  return purify.sanitize(html, {
    USE_PROFILES: { html: true, mathMl: true, svg: true },
    FORBID_TAGS: ["style", "form", "input", "button", "textarea", "select", "link", "meta", "base"],
    FORBID_ATTR: ["id", "name", "srcset"],
    ALLOW_DATA_ATTR: false,
  });
}

/**
 * Removes scripts, links and external resources from an SVG drawing. Returns null if it could keep the
 * page busy.
 */
export function sanitizeSvg(svg: string): string | null {
  if (isCostlyToParse(svg)) return null;
  return purify.sanitize(svg, {
    USE_PROFILES: { svg: true, svgFilters: true },
    FORBID_TAGS: ["style", "a", "image", "feImage"],
  });
}
