/** The bits of a mode that tell the kind of a file. */
export const FORMAT = 0o170000;
/** The kind of a device. */
export const DEVICE = 0o020000;
/** The kind of a directory. */
export const DIRECTORY = 0o040000;
/** The kind of a plain file. */
export const REGULAR = 0o100000;
/** The kind of a link. */
export const LINK = 0o120000;
