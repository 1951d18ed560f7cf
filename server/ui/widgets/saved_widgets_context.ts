import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { WidgetState } from "./messages.ts";

/** The states of widgets that the shown notebook was saved with, by id. */
export const SavedWidgets = createContext<ReadonlyMap<string, WidgetState>>(new Map());

/** Returns the states of widgets that the notebook of the component was saved with. */
export function useSavedWidgets(): ReadonlyMap<string, WidgetState> {
  return useContext(SavedWidgets);
}
