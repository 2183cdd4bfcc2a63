const WIDTHS = ['w1', 'w2', 'w3', 'w2', 'w1', 'w3', 'w2', 'w1'];

/** The shape of a table that is on its way. */
export function TableSkeleton({ label }: { label: string }) {
  return (
    <div className="section skeleton table-skeleton" role="status" aria-label={label}>
      {WIDTHS.map((width, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: all alike, and none ever moves
        <span key={index} className={`bone ${width}`} />
      ))}
    </div>
  );
}
