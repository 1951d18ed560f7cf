/** Reads that many bytes of a file from a place on; throws when there are fewer. */
export function readWhole(file: Deno.FsFile, at: number, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  file.seekSync(at, Deno.SeekMode.Start);
  for (let done = 0; done < size;) {
    const read = file.readSync(bytes.subarray(done));
    if (read === null) throw new Error("it is not whole");
    done += read;
  }
  return bytes;
}
