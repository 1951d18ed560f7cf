import { Component, type ComponentChildren } from "preact";

/** Options for {@linkcode ErrorBoundary}. */
export interface ErrorBoundaryProps {
  /** The value that is shown. A new value is rendered again after a failure. */
  value: unknown;
  /** Rendered in place of the children when they throw. */
  fallback: (error: Error) => ComponentChildren;
  children: ComponentChildren;
}

interface State {
  error: Error | null;
  value: unknown;
}

/** An `ErrorBoundary` keeps an exception of its children from the rest of the page. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  override state: State = { error: null, value: this.props.value };

  static override getDerivedStateFromError(error: unknown): Partial<State> {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  static override getDerivedStateFromProps(
    { value }: ErrorBoundaryProps,
    state: State,
  ): State | null {
    return value === state.value ? null : { error: null, value };
  }

  override render({ children, fallback }: ErrorBoundaryProps, { error }: State) {
    return error ? fallback(error) : children;
  }
}
