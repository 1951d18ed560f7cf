import { useEffect, useState } from "preact/hooks";
import {
  fileUrl,
  listFiles,
  makeDirectory,
  removeFile,
  renameFile,
  uploadFile,
} from "../api/files.ts";
import type { FileEntry } from "../api/types.ts";
import { formatBytes } from "./format.ts";

/** The deadline for a kernel's reply, in milliseconds: a busy kernel does not reply. */
const DEADLINE_MS = 1_500;
const HOME = "/home/pyodide";

/** The file system of the notebook's kernel. */
export function FilesPanel({ kernelId, activity }: { kernelId: string; activity: number }) {
  const [path, setPath] = useState(HOME);
  const [entries, setEntries] = useState<FileEntry[]>();
  const [note, setNote] = useState("");
  const [uploads, setUploads] = useState<Record<string, number>>({});
  const [dragging, setDragging] = useState(false);
  const [version, setVersion] = useState(0);

  useEffect(() => {
    const closed = new AbortController();
    const signal = AbortSignal.any([closed.signal, AbortSignal.timeout(DEADLINE_MS)]);
    listFiles(kernelId, path, signal).then((listing) => {
      setEntries(listing.entries ?? []);
      setNote("");
    }, (error) => {
      if (closed.signal.aborted) return;
      setNote(signal.aborted ? "The kernel is busy: this list may be out of date." : error.message);
    });
    return () => closed.abort();
  }, [kernelId, path, activity, version]);

  /** Runs an action, then lists the directory again; a failure is shown as a note. */
  async function change(action: () => Promise<void>) {
    try {
      await action();
      setVersion((it) => it + 1);
    } catch (error) {
      setNote((error as Error).message);
    }
  }

  async function upload(files: Iterable<File>) {
    for (const file of files) {
      const progress = (part: number) => setUploads((it) => ({ ...it, [file.name]: part }));
      progress(0);
      await change(() => uploadFile(kernelId, path, file, progress));
      setUploads(({ [file.name]: _, ...rest }) => rest);
    }
  }

  function onDrop(event: DragEvent) {
    event.preventDefault();
    setDragging(false);
    void upload(event.dataTransfer?.files ?? []);
  }

  return (
    <div
      class={dragging ? "drop dragging" : "drop"}
      data-testid="file-drop"
      onDragOver={(event) => {
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={() => setDragging(false)}
      onDrop={onDrop}
    >
      <Breadcrumb path={path} onOpen={setPath} />
      <div class="panel-tools">
        <label class="button">
          Upload
          <input
            type="file"
            multiple
            class="hidden-input"
            data-testid="file-input"
            onChange={(event) => {
              void upload([...event.currentTarget.files ?? []]);
              event.currentTarget.value = "";
            }}
          />
        </label>
        <button
          type="button"
          onClick={() => {
            const name = prompt("Name of the new folder");
            if (name) void change(() => makeDirectory(kernelId, `${path}/${name}`));
          }}
        >
          New folder
        </button>
        <button type="button" onClick={() => setVersion(version + 1)}>Refresh</button>
      </div>
      {note && <p class="problem" role="alert">{note}</p>}
      {Object.entries(uploads).map(([name, part]) => (
        <label key={name} class="upload">
          {name} <progress value={part} />
        </label>
      ))}
      {entries?.length === 0 && <p class="muted">Empty. Drop files here.</p>}
      <ul class="rows">
        {entries?.map((entry) => (
          <Row
            key={entry.path}
            entry={entry}
            url={fileUrl(kernelId, entry.path)}
            onOpen={() => setPath(entry.path)}
            onRename={() => {
              const name = prompt("New name", entry.name);
              if (!name || name === entry.name) return;
              void change(() => renameFile(kernelId, entry.path, `${path}/${name}`));
            }}
            onRemove={() => {
              if (!confirm(`Remove ${entry.name}?`)) return;
              void change(() => removeFile(kernelId, entry.path));
            }}
          />
        ))}
      </ul>
    </div>
  );
}

function Breadcrumb({ path, onOpen }: { path: string; onOpen: (path: string) => void }) {
  const parts = path.split("/").filter((part) => part !== "");
  return (
    <nav class="breadcrumb" aria-label="Folder">
      <button type="button" class="link" onClick={() => onOpen("/")}>/</button>
      {parts.map((part, index) => (
        <button
          key={index}
          type="button"
          class="link"
          onClick={() => onOpen(`/${parts.slice(0, index + 1).join("/")}`)}
        >
          {part}/
        </button>
      ))}
    </nav>
  );
}

function Row({ entry, url, onOpen, onRename, onRemove }: {
  entry: FileEntry;
  url: string;
  onOpen: () => void;
  onRename: () => void;
  onRemove: () => void;
}) {
  const isDirectory = entry.type === "directory";
  return (
    <li data-testid="file-row">
      <div class="row-text">
        {isDirectory
          ? <button type="button" class="link" onClick={onOpen}>{entry.name}/</button>
          : <a href={url} download={entry.name}>{entry.name}</a>}
        {!isDirectory && <span class="muted">{formatBytes(entry.size)}</span>}
      </div>
      {entry.writable && (
        <>
          <button type="button" onClick={onRename} aria-label={`Rename ${entry.name}`}>
            Rename
          </button>
          <button type="button" onClick={onRemove} aria-label={`Remove ${entry.name}`}>
            Remove
          </button>
        </>
      )}
    </li>
  );
}
