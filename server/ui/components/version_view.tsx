/** Options for {@linkcode VersionView}. */
export interface VersionViewProps {
  title: string;
  /** The texts of the cells. */
  sources: readonly string[];
  /** The texts of the other version; cells that it does not have are marked. */
  others?: readonly string[] | undefined;
}

/** The cells of one version of a notebook. */
export function VersionView({ title, sources, others }: VersionViewProps) {
  const known = new Set(others);
  return (
    <section class="version" aria-label={title} tabIndex={0}>
      <h3>{title}</h3>
      {sources.map((source, index) => (
        <pre key={index} class={others && !known.has(source) ? "differs" : ""}>{source || " "}</pre>
      ))}
    </section>
  );
}
