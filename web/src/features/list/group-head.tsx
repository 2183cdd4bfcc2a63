import type { CSSProperties, ReactNode } from 'react';
import type { IssueGroup } from '../../../../src/contract/inbox-page.ts';
import { Icon } from '../../shared/icon.tsx';
import { counted, countText } from '../../shared/number-text.ts';

interface Placed {
  rowIndex: number;
  style: CSSProperties;
}

function GroupLine({
  className,
  children,
  rowIndex,
  style,
}: Placed & { className: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a grid of virtual rows cannot be a table
    // biome-ignore lint/a11y/useFocusableInteractive: its buttons take the focus
    <div role="row" className={className} aria-rowindex={rowIndex} style={style}>
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
      <span role="gridcell" className="line">
        {children}
      </span>
    </div>
  );
}

/** What the issues of a group share, how many they are, and how bad the worst are. */
export function GroupHead({
  group,
  isFolded,
  onFold,
  onAssign,
  ...placed
}: Placed & {
  group: IssueGroup;
  isFolded: boolean;
  onFold: () => void;
  onAssign: (() => void) | null;
}) {
  const { critical, high } = group.bySeverity;
  return (
    <GroupLine className="group" {...placed}>
      <button
        type="button"
        className="fold-group"
        aria-expanded={!isFolded}
        title={group.title}
        data-testid="group-head"
        data-group={group.name ?? ''}
        onClick={onFold}
      >
        <Icon name={isFolded ? 'right' : 'down'} />
        <b className={group.name === null ? 'cut muted' : 'cut told'}>{group.title}</b>
      </button>
      <span className="right">
        {critical > 0 && <span className="wide critical">{countText(critical)} critical</span>}
        {high > 0 && <span className="wide">{countText(high)} high</span>}
        {group.overdue > 0 && <span className="wide critical">{countText(group.overdue)} overdue</span>}
        <span data-testid="group-count">{counted(group.issues, 'issue')}</span>
        {onAssign !== null && (
          <button
            type="button"
            className="btn quiet wide"
            aria-label={`Assign ${counted(group.issues, 'issue')}: ${group.title}`}
            onClick={onAssign}
          >
            Assign
          </button>
        )}
      </span>
    </GroupLine>
  );
}

/** How many more issues a group has. */
export function GroupRest({
  left,
  from,
  onMore,
  ...placed
}: Placed & { left: number; from: number | null; onMore: () => void }) {
  const where = `ranked ${countText(from ?? 0)}${left === 1 ? '' : ' and below'}`;
  return (
    <GroupLine className="group rest-of-group" {...placed}>
      {from === null ? (
        <span className="muted">{counted(left, 'more issue')}</span>
      ) : (
        <button type="button" className="btn link" onClick={onMore}>
          {countText(left)} more, {where}
        </button>
      )}
    </GroupLine>
  );
}
