/** The version of this server. */
export const VERSION = "1.0.0";
