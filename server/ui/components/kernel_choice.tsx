import { useState } from "preact/hooks";
import type { KernelChoice, ServerFacts } from "../api/types.ts";

/** A directory of the server and the place at which the kernel sees it, as the reader has written them. */
interface Mount {
  root: string;
  mountPoint: string;
  isWritable: boolean;
}

/** Options for {@linkcode KernelChoiceForm}. */
export interface KernelChoiceFormProps {
  server: ServerFacts;
  onChange: (choice: KernelChoice) => void;
}

/** The packages, limits and mounts of a kernel to start. What is left empty is as the settings say. */
export function KernelChoiceForm({ server, onChange }: KernelChoiceFormProps) {
  const [packages, setPackages] = useState("");
  const [memory, setMemory] = useState("");
  const [seconds, setSeconds] = useState("");
  const [mounts, setMounts] = useState<Mount[]>([]);
  const { memoryMiB, executionSeconds } = server.limits.kernel;

  function change(changed: Partial<Written>): void {
    const written = { packages, memory, seconds, mounts, ...changed };
    setPackages(written.packages);
    setMemory(written.memory);
    setSeconds(written.seconds);
    setMounts(written.mounts);
    onChange(choiceOf(written));
  }

  return (
    <details class="kernel-choice" data-testid="kernel-choice">
      <summary>Packages, limits and folders</summary>
      <label>
        Installed at its start
        <input
          value={packages}
          placeholder="numpy pandas==3.0.2"
          onInput={({ currentTarget }) => change({ packages: currentTarget.value })}
        />
      </label>
      <label>
        Memory, in MiB
        <input
          type="number"
          min="64"
          step="64"
          value={memory}
          placeholder={`${memoryMiB}`}
          onInput={({ currentTarget }) => change({ memory: currentTarget.value })}
        />
      </label>
      <label>
        Seconds of one cell
        <input
          type="number"
          min="1"
          value={seconds}
          placeholder={executionSeconds === 0 ? "any" : `${executionSeconds}`}
          onInput={({ currentTarget }) => change({ seconds: currentTarget.value })}
        />
      </label>
      {mounts.map((mount, index) => (
        <MountFields
          key={index}
          mount={mount}
          roots={server.mountRoots}
          onChange={(changed) => change({ mounts: mounts.with(index, changed) })}
          onRemove={() => change({ mounts: mounts.toSpliced(index, 1) })}
        />
      ))}
      {server.mountRoots.length > 0 && (
        <button
          type="button"
          class="link"
          onClick={() => change({ mounts: [...mounts, newMount(server.mountRoots[0]!)] })}
        >
          Add a folder of the server
        </button>
      )}
    </details>
  );
}

function MountFields({ mount, roots, onChange, onRemove }: {
  mount: Mount;
  roots: readonly string[];
  onChange: (mount: Mount) => void;
  onRemove: () => void;
}) {
  return (
    <fieldset class="mount">
      <label>
        Folder
        <input
          list="mount-roots"
          value={mount.root}
          onInput={({ currentTarget }) => onChange({ ...mount, root: currentTarget.value })}
        />
      </label>
      <datalist id="mount-roots">
        {roots.map((root) => <option key={root} value={root} />)}
      </datalist>
      <label>
        Seen as
        <input
          value={mount.mountPoint}
          onInput={({ currentTarget }) => onChange({ ...mount, mountPoint: currentTarget.value })}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={mount.isWritable}
          onChange={({ currentTarget }) =>
            onChange({ ...mount, isWritable: currentTarget.checked })}
        />
        may be written
      </label>
      <button type="button" class="link" onClick={onRemove}>Remove</button>
    </fieldset>
  );
}

interface Written {
  packages: string;
  memory: string;
  seconds: string;
  mounts: Mount[];
}

function newMount(root: string): Mount {
  const name = root.split(/[\\/]/).findLast((it) => it !== "") ?? "data";
  return { root, mountPoint: `/mnt/${name}`, isWritable: false };
}

/** Returns what is written in the form as the server takes it. */
function choiceOf({ packages, memory, seconds, mounts }: Written): KernelChoice {
  const names = packages.split(/[\s,]+/).filter((name) => name !== "");
  const limits = {
    ...(memory !== "" && { memoryMiB: Number(memory) }),
    ...(seconds !== "" && { executionSeconds: Number(seconds) }),
  };
  return {
    ...(names.length > 0 && { packages: names }),
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(mounts.length > 0 && {
      mounts: mounts.map(({ root, mountPoint, isWritable }) => ({
        root,
        mountPoint,
        access: isWritable ? "rw" as const : "ro" as const,
      })),
    }),
  };
}
