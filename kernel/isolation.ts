/** One of the means that keep process kernels apart. */
export interface IsolationMeasure {
  /** Its name. */
  name: string;
  /** True when this system offers it, so that it is in force. */
  applied: boolean;
  /** Its effect, or the reason why it is missing. */
  detail: string;
}
