import type { Completion, FileEntry, Inspection, Output, Variable } from "../../../kernel/mod.ts";
import type { KernelModel } from "../../apis/native/schemas/kernel.ts";

export type { Completion, FileEntry, Inspection, KernelModel, Output, Variable };

/**
 * A `NotebookEntry` describes a notebook file on the server: `size` in bytes, `modified` in ISO
 * 8601.
 */
export interface NotebookEntry {
  path: string;
  size: number;
  modified: string;
}

/** `ServerFacts` are the modes, limits and features of the server. */
export interface ServerFacts {
  modes: string[];
  defaultMode: string;
  notebooks: boolean;
  limits: {
    maxKernels: number;
    maxUploadBytes: number;
    /** The limits of a kernel whose creator sets none. */
    kernel: { memoryMiB: number; filesMiB: number; executionSeconds: number };
  };
  /** The directories that kernels may mount, with those below them. */
  mountRoots: string[];
}

/** A `KernelChoice` is what the reader has chosen for a new kernel; the settings decide about the rest. */
export interface KernelChoice {
  limits?: { memoryMiB?: number; executionSeconds?: number };
  packages?: string[];
  mounts?: { root: string; mountPoint: string; access: "ro" | "rw" }[];
}
