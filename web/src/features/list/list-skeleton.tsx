/** The list before its first page is here: the real layout without words. */
export function ListSkeleton() {
  return (
    <div className="scroll skeleton" role="status" aria-label="Loading the list">
      {Array.from({ length: 14 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: places, not things
        <div className="grid" key={index}>
          <div className="row">
            <span />
            <span className="bone" />
            <span className="bone long" />
            <span className="bone" />
          </div>
        </div>
      ))}
    </div>
  );
}
