import { counted, countText } from '../../shared/number-text.ts';

/** What can be done to the selected issues, in place of the foot of the list. */
export function SelectionBar({
  count,
  total,
  isWhole,
  actions,
  onWhole,
  onClear,
}: {
  count: number;
  /** Issues of the whole list, loaded or not. */
  total: number;
  /** Whether all of them are selected. */
  isWhole: boolean;
  actions: readonly { readonly words: string; readonly letter: string; readonly act: () => void }[];
  onWhole: () => void;
  onClear: () => void;
}) {
  return (
    <footer className="foot said selection" data-testid="selection">
      <div className="line" role="status">
        <b>{isWhole ? `All ${countText(total)} that match` : `${counted(count, 'issue')} selected`}</b>
        {!isWhole && count < total && (
          <button type="button" className="btn link" onClick={onWhole}>
            All {countText(total)} that match
          </button>
        )}
      </div>
      {actions.map(({ words, letter, act }) => (
        <button key={letter} type="button" className="btn quiet" onClick={act}>
          {words} <kbd>{letter}</kbd>
        </button>
      ))}
      <span className="right">
        <button type="button" className="btn quiet" onClick={onClear}>
          Clear <kbd>Esc</kbd>
        </button>
      </span>
    </footer>
  );
}
