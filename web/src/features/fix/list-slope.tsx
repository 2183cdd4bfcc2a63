import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { WhatIf } from '../../../../src/contract/attack-path.ts';
import type { IssueRow } from '../../../../src/contract/issue.ts';
import type { Severity } from '../../../../src/contract/severity.ts';
import { SeverityChange } from '../../shared/changed-paths-list.tsx';
import { countText } from '../../shared/number-text.ts';

/** The height of a row is that of fix.css. */
const ROW = 32;

interface SlopeRow {
  readonly id: string;
  readonly place: number;
  readonly title: string;
  readonly severity: Severity;
  readonly isStruck: boolean;
  readonly aside: ReactNode;
}

/**
 * The head of the list now, and as the server projects it: what resolves is struck out, what falls is the one line of
 * the accent, what comes from below enters at the foot.
 */
export function ListSlope({ now, tried }: { now: readonly IssueRow[]; tried: WhatIf }) {
  const changed = new Map(tried.issues.map((issue) => [issue.id, issue]));
  const after = tried.inbox.map(
    ({ id, place, title, severity, placeBefore, affected }): SlopeRow => ({
      id,
      place,
      title,
      severity,
      isStruck: false,
      aside: affected ? (
        <SeverityChange from={changed.get(id)?.severity ?? null} to={severity} />
      ) : placeBefore === null ? (
        'new'
      ) : placeBefore === place ? null : (
        `was ${countText(placeBefore)}`
      ),
    }),
  );
  const before = now.slice(0, Math.max(after.length, 1)).map(
    ({ id, title, severity }, index): SlopeRow => ({
      id,
      place: index + 1,
      title,
      severity,
      isStruck: changed.get(id)?.effect === 'resolves',
      aside: changed.get(id)?.effect === 'resolves' ? 'resolves' : null,
    }),
  );
  const rows = Math.max(before.length, after.length);
  const at = new Map(before.map(({ id }, index) => [id, index]));
  const affected = new Set(tried.inbox.filter((each) => each.affected).map(({ id }) => id));
  return (
    <div className="slope">
      <SlopeList label="Now" rows={before} />
      <svg
        className="lines"
        viewBox={`0 0 64 ${rows * ROW}`}
        height={rows * ROW}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {after.map(({ id }, index) => {
          const from = (at.get(id) ?? rows) * ROW + ROW / 2;
          const to = index * ROW + ROW / 2;
          return (
            <path
              key={id}
              className={affected.has(id) ? 'fallen' : undefined}
              d={`M0 ${from}C32 ${from} 32 ${to} 64 ${to}`}
            />
          );
        })}
      </svg>
      <SlopeList label="After" rows={after} />
    </div>
  );
}

function SlopeList({ label, rows }: { label: string; rows: readonly SlopeRow[] }) {
  return (
    <div>
      <h3>{label}</h3>
      <ol>
        {rows.map(({ id, place, title, severity, isStruck, aside }) => (
          <li key={id} data-sev={isStruck ? 'none' : severity} data-struck={isStruck || undefined}>
            <span className="n">{place}</span>
            <Link className="cut told" to="/issues/$id" params={{ id }} title={title}>
              {title}
            </Link>
            <span className="to">{aside}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
