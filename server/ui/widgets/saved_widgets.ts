import { z } from "zod";
import type { BufferPath, WidgetState } from "./messages.ts";

/** The MIME type of the states of widgets in a notebook's metadata. */
const STATE_MIME = "application/vnd.jupyter.widget-state+json";

const object = z.record(z.string(), z.unknown());
const savedState = z.object({
  model_name: z.string(),
  model_module: z.string(),
  model_module_version: z.string(),
  state: object,
  buffers: z.array(z.object({
    data: z.base64(),
    path: z.array(z.union([z.string(), z.int()])).min(1),
    encoding: z.literal("base64"),
  })).optional(),
});
const savedStates = z.object({ state: z.record(z.string(), savedState.nullable().catch(null)) });

/** Returns the states of the widgets that a saved notebook has, by id. */
export function savedWidgets(metadata: Record<string, unknown>): Map<string, WidgetState> {
  const widgets = object.safeParse(metadata["widgets"]).data ?? {};
  const { success, data } = savedStates.safeParse(widgets[STATE_MIME]);
  if (!success) return new Map();
  return new Map(
    Object.entries(data.state).flatMap(([id, saved]) => saved ? [[id, stateOf(saved)]] : []),
  );
}

function stateOf({ state, buffers = [], ...model }: z.infer<typeof savedState>): WidgetState {
  return {
    state: {
      ...state,
      _model_name: model.model_name,
      _model_module: model.model_module,
      _model_module_version: model.model_module_version,
    },
    paths: buffers.map(({ path }): BufferPath => path),
    buffers: buffers.map(({ data }) => Uint8Array.fromBase64(data)),
  };
}

/** Returns the metadata of a notebook with the states of widgets, in the form that Jupyter's clients write. */
export function withWidgets(
  metadata: Record<string, unknown>,
  models: ReadonlyMap<string, WidgetState>,
): Record<string, unknown> {
  const { widgets: earlier, ...others } = metadata;
  const known = object.safeParse(earlier).data ?? {};
  if (models.size === 0) return metadata;
  const state = Object.fromEntries(
    [...models].map(([id, { state, paths, buffers }]) => [id, {
      model_name: state["_model_name"],
      model_module: state["_model_module"],
      model_module_version: state["_model_module_version"],
      state,
      ...(paths.length > 0 && {
        buffers: paths.map((path, at) => ({
          data: buffers[at]!.toBase64(),
          path,
          encoding: "base64",
        })),
      }),
    }]),
  );
  const states = { version_major: 2, version_minor: 0, state };
  return { ...others, widgets: { ...known, [STATE_MIME]: states } };
}
