/** The name of the language of these kernels, as options name it. */
export const LANGUAGE = "python";
