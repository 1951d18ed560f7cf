/** A module that a process preloads: a signal then causes a rejection and an error that nobody handles. */
Deno.addSignalListener("SIGUSR2", () => {
  void Promise.reject(new Error("a rejection from nowhere"));
  setTimeout(() => {
    throw new Error("an error from nowhere");
  });
});
