import { ServiceError } from "../../../errors/service_error.ts";

/** Returns a function that returns a service of notebooks, or refuses when the server has none. */
export function notebookServiceOf<T>(service: T | undefined): () => T {
  return () => {
    if (service) return service;
    throw new ServiceError(
      "not_found",
      "This server keeps no notebooks: start it with NOTEBOOK_DIR",
    );
  };
}
