/** One thing that keeps a process kernel from harm, and whether this system offers it. */
export interface IsolationMeasure {
  /** What it is called. */
  name: string;
  /** Whether it is in force. */
  applied: boolean;
  /** What it does, or why it is missing. */
  detail: string;
}
