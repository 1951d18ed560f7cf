import { z } from "zod";

/** The place of a buffer in a widget's state. */
export type BufferPath = (string | number)[];

/** The state of a widget; the values at `paths` are the buffers. */
export interface WidgetState {
  state: Record<string, unknown>;
  paths: BufferPath[];
  buffers: Uint8Array[];
}

/** A message from the page to a frame with widgets. */
export type ToWidgets =
  /** Widgets that the frame does not have yet, by id; those of a live kernel can be changed. */
  | { type: "models"; models: Record<string, WidgetState>; isLive: boolean }
  /** Shows a widget; it comes once, after the widget's own model and those that it refers to. */
  | { type: "show"; id: string }
  /** A message of the kernel to a widget. */
  | { type: "message"; id: string; data: Record<string, unknown>; buffers: Uint8Array[] }
  /** The kernel has handled a message of the frame. */
  | { type: "handled"; token: number }
  /** The kernel has ended. */
  | { type: "disconnected" };

/** A message of a widget for the kernel. */
export const fromWidgets = z.strictObject({
  type: z.literal("send"),
  id: z.string().max(200),
  token: z.int(),
  data: z.record(z.string(), z.unknown()),
  buffers: z.array(z.instanceof(Uint8Array)).max(1_000),
});

/** A message of a widget for the kernel. */
export type FromWidgets = z.infer<typeof fromWidgets>;
