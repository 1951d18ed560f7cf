import type { PinnedWheel } from "../../../../kernel/mod.ts";

/** The wheels that JupyterLab's page is made of. Their hashes are fixed: their scripts get a token of this server. */
export interface LabWheels {
  lab: PinnedWheel;
  /** The extension that draws ipywidgets. */
  widgets: PinnedWheel;
}

/** The wheels of the releases that the tests run. */
export const LAB_WHEELS: LabWheels = {
  lab: {
    project: "jupyterlab",
    file: "jupyterlab-4.6.6-py3-none-any.whl",
    sha256: "4261910ccf1ecad6e0b3ca0debe96d4fde9735bfc9707509c125aab850e06b81",
  },
  widgets: {
    project: "jupyterlab-widgets",
    file: "jupyterlab_widgets-3.0.17-py3-none-any.whl",
    sha256: "40ac1e9955acf116c4d995d9bfa082d86ad9ec6d91c4f134827cf5e0a5eb75e0",
  },
};
