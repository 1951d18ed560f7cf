/** The form of project names that indexes accept (PEP 508). */
const PROJECT_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;

/** Returns true for the name of a project, in any spelling. */
export function isProjectName(text: string): boolean {
  return PROJECT_NAME.test(text);
}

/** Returns a project's name in the spelling by which names are compared (PEP 503). */
export function canonicalName(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase();
}
