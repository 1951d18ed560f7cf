import { USER_NAME } from "./own_answers.ts";
import { HOME } from "./pinned.ts";

/** The program that Python believes to be: there is none, and the stock answer is a path of this host. */
export const PROGRAM = "/bin/python3";
/** The environment variables that Python starts with; a memory image has them in it. */
export const ENVIRONMENT: Record<string, string> = {
  HOME,
  USER: USER_NAME,
  LOGNAME: USER_NAME,
  // The stock answer is what the host speaks.
  LANG: "en_US.UTF-8",
  _: PROGRAM,
  PYTHONINSPECT: "1",
};
