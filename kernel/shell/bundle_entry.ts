/** The part of just-bash that kernels use; set-up bundles it into one module. */
export { Bash, defineCommand, getCommandNames } from "npm:just-bash@3.4.2/browser";
