/** A module that a process loads before its own: a signal causes what nobody handles. */
Deno.addSignalListener("SIGUSR2", () => {
  void Promise.reject(new Error("a rejection from nowhere"));
  setTimeout(() => {
    throw new Error("an error from nowhere");
  });
});
