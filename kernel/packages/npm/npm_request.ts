/** Followed by NAME@RANGE, asks for the packages that an import of it needs, as JSON. */
export const NPM_PLAN = "npm:plan/";
/** Followed by NAME@VERSION, asks for the files of a package that a plan has. */
export const NPM_FILES = "npm:files/";
