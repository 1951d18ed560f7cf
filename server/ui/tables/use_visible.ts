import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** Returns a reference for an element, and true while the element is in sight or near. */
export function useVisible<E extends HTMLElement>(): {
  element: RefObject<E | null>;
  isVisible: boolean;
} {
  const element = useRef<E>(null);
  const [isVisible, setVisible] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => setVisible(entries.at(-1)!.isIntersecting),
      { rootMargin: "300px" },
    );
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  return { element, isVisible };
}
