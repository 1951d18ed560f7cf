/** Emscripten's error numbers, which are WASI's and not Linux's: Python's `errno` has the same. */
export const EACCES = 2;
export const EBADF = 8;
export const EFAULT = 21;
export const EINVAL = 28;
export const EIO = 29;
export const ENETUNREACH = 40;
export const ENOMEM = 48;
export const ENOSPC = 51;
export const ENOSYS = 52;
export const EPERM = 63;
export const ENOTSUP = 138;
