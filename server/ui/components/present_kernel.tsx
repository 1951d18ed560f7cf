import { useEffect, useState } from "preact/hooks";
import { getKernel, installPackages, listKernels } from "../api/kernels.ts";
import type { KernelModel } from "../api/types.ts";
import type { Session } from "../session/session.ts";
import { formatBytes } from "../panels/format.ts";

/** The facts of the notebook's kernel, and the form that installs packages in it. */
export function PresentKernel({ session }: { session: Session }) {
  const id = session.kernelId.value;
  const [kernel, setKernel] = useState<KernelModel>();
  useEffect(() => {
    if (id === null) return;
    getKernel(id).then(setKernel, () => setKernel(undefined));
  }, [id, session.activity.value]);
  if (id === null || !kernel) return null;
  const { mode, memoryBytes, limits, mounts } = kernel;
  const facts = [
    mode.replace("_", " "),
    ...(memoryBytes === null ? [] : [`${formatBytes(memoryBytes)} in use`]),
    ...Object.entries(limits).filter(([name, value]) => name.endsWith("MiB") && value !== null)
      .map(([name, value]) => `${name.slice(0, -3)} up to ${value} MiB`),
  ];
  return (
    <section data-testid="present-kernel">
      <h3>This notebook's kernel</h3>
      <p class="muted">{facts.join(" · ")}</p>
      {mounts.length > 0 && (
        <p class="muted">
          {`Mounts: ${
            mounts.map(({ mountPoint, access }) => `${mountPoint} (${access})`).join(", ")
          }`}
        </p>
      )}
      <InstallForm id={id} />
    </section>
  );
}

function InstallForm({ id }: { id: string }) {
  const [names, setNames] = useState("");
  const [state, setState] = useState("");
  async function install(): Promise<void> {
    const packages = names.split(/[\s,]+/).filter((name) => name !== "");
    if (packages.length === 0) return;
    setState(`Installing ${packages.join(", ")} …`);
    try {
      await installPackages(id, packages);
      setState(`Installed: ${packages.join(", ")}`);
      setNames("");
    } catch (error) {
      setState((error as Error).message);
    }
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void install();
      }}
    >
      <label>
        Packages{" "}
        <input
          value={names}
          placeholder="numpy pandas==3.0.2"
          onInput={(event) => setNames(event.currentTarget.value)}
        />
      </label>{" "}
      <button type="submit">Install</button>
      <p class="muted" role="status">{state}</p>
    </form>
  );
}

/** The other running kernels, with which the notebook can go on. */
export function OtherKernels({ session, onClose }: { session: Session; onClose: () => void }) {
  const [kernels, setKernels] = useState<KernelModel[]>([]);
  useEffect(() => void listKernels().then(setKernels, () => {}), []);
  const own = session.kernelId.value;
  const others = kernels.filter(({ id, language, status }) =>
    id !== own && language === session.language.value && (status === "idle" || status === "busy")
  );
  if (others.length === 0) return null;
  return (
    <section>
      <h3>Go on with a running kernel</h3>
      <p>
        {session.live ? "The present kernel ends." : "The present kernel keeps running."}
      </p>
      <ul class="rows" data-testid="other-kernels">
        {others.map(({ id, status, executionCount }) => (
          <li key={id}>
            <button
              type="button"
              class="link"
              onClick={() => {
                onClose();
                void session.changeTo(id);
              }}
            >
              {id.slice(0, 12)}
            </button>
            <span class="muted">
              {`${status}, ${executionCount} ${executionCount === 1 ? "cell" : "cells"}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
