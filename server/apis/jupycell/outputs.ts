import { isObject } from "../../services/notebooks/format/notebook_format.ts";

/** Returns outputs as JupyCell's clients read them: the contents of Jupyter's messages without their types. */
export function messageContents(outputs: readonly unknown[]): Record<string, unknown>[] {
  return outputs.filter(isObject).map(({ output_type, ...content }) =>
    output_type === "display_data" ? { transient: {}, ...content } : content
  );
}
