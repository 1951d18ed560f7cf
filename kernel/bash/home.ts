/** The working directory of kernels that name none. */
export const HOME = "/home/user";
