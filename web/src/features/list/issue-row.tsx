import { memo } from 'react';
import { type DetectedRisk, detectedRiskSchema } from '../../../../src/contract/detected-risk.ts';
import type { IssueRow } from '../../../../src/contract/issue.ts';
import { counted, countText } from '../../shared/number-text.ts';
import { RiskGlyph } from '../../shared/risk-glyph.tsx';
import { ageText, dueText, instantText } from '../../shared/time-text.ts';
import { titleParts } from '../../shared/title-parts.ts';
import { risksSentence, severityWords, statusWords, typeWords } from '../../shared/words.ts';
import { type IssueLine, isAdmitted } from './list-lines.ts';

const risks: readonly DetectedRisk[] = detectedRiskSchema.options;

/** What is said of an issue that is not simply open. */
function statusText(issue: IssueRow): string {
  if (issue.muted) return 'Muted';
  if (!isAdmitted(issue)) return 'Not admitted';
  return issue.status === 'open' ? '' : statusWords[issue.status];
}

function initials(name: string): string {
  const [first = '', second = ''] = name;
  return first.toUpperCase() + second;
}

function Owner({ issue }: { issue: IssueRow }) {
  const name = issue.assignee ?? issue.team;
  if (name === null) {
    return (
      <>
        <span className="ava none" aria-hidden="true" />
        <span className="nm cut">unowned</span>
      </>
    );
  }
  return (
    <>
      <span className={issue.assignee === null ? 'ava team' : 'ava'} aria-hidden="true">
        {initials(name)}
      </span>
      <span className="nm cut told" title={name}>
        {name}
      </span>
    </>
  );
}

function Due({ dueAt, now }: { dueAt: string | null; now: number }) {
  if (dueAt === null) return <span className="sr">no date</span>;
  const due = dueText(dueAt, now);
  return (
    <time className={due.overdue ? 'over' : undefined} dateTime={dueAt} title={instantText(dueAt)}>
      {due.text}
    </time>
  );
}

/** One issue of the list. The cursor is `aria-current`; what the panel shows is `aria-selected`. */
export const IssueRowLine = memo(function IssueRowLine({
  line,
  rowIndex,
  current,
  opened,
  picked,
  before,
  now,
  top,
  onPick,
  onOpen,
}: {
  line: IssueLine;
  rowIndex: number;
  current: boolean;
  opened: boolean;
  /** Selected, for something that is done to many. */
  picked: boolean;
  /** Where it stood before the list was read again; null: that is not worth saying. */
  before: number | null;
  now: number;
  /** Where it begins in the list; in pixels. */
  top: number;
  onPick: (id: string) => void;
  onOpen: (line: IssueLine) => void;
}) {
  const { issue, rank } = line;
  const title = titleParts(issue.title);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a grid of virtual rows cannot be a table
    // biome-ignore lint/a11y/useKeyWithClickEvents: the page answers Enter for the row with the cursor
    <div
      role="row"
      className={issue.muted || issue.status === 'snoozed' ? 'row done' : 'row'}
      data-testid="issue-row"
      data-issue={issue.id}
      data-sev={issue.severity}
      data-picked={picked || undefined}
      data-admitted={isAdmitted(issue) ? 'yes' : 'no'}
      aria-rowindex={rowIndex}
      aria-selected={opened}
      aria-current={current || undefined}
      tabIndex={current ? 0 : -1}
      style={{ transform: `translateY(${top}px)` }}
      onClick={(event) =>
        event.shiftKey || event.metaKey || event.ctrlKey ? onPick(issue.id) : onOpen(line)
      }
    >
      {/* biome-ignore-start lint/a11y/useSemanticElements: cells of the same grid */}
      {/* biome-ignore-start lint/a11y/useFocusableInteractive: the row takes the focus, not its cells */}
      <span role="gridcell" className="rank">
        {rank}
        {picked && <span className="sr">selected</span>}
      </span>
      <span role="gridcell" className="sev">
        {severityWords[issue.severity]}
      </span>
      <span role="rowheader" className="what">
        <span className="title told" title={issue.title}>
          {title.name !== '' && (
            <span className="name">
              {title.name.slice(0, -2)}
              <span className="sr">: </span>
            </span>
          )}
          <span className="a">{title.head}</span>
          <span className="z">{title.tail}</span>
        </span>
        {before !== null && rank !== null && before !== rank && <span className="was">was {before}</span>}
        <span className="status">{statusText(issue)}</span>
        <span className="type">{typeWords[issue.type]}</span>
      </span>
      <span role="gridcell" className="risks">
        <span className="sr">{risksSentence(issue.riskStates)}</span>
        <span className="n" aria-hidden="true">
          {issue.riskCount}
        </span>
        {risks.map((risk) => (
          <RiskGlyph key={risk} risk={risk} state={issue.riskStates[risk]} />
        ))}
      </span>
      <span
        role="gridcell"
        className="impact"
        title={`${counted(issue.resources, 'resource')}, ${counted(issue.services, 'service')}`}
      >
        <span>{countText(issue.resources)}</span>
        <span className="sep">·</span>
        <span>{countText(issue.services)}</span>
      </span>
      <span role="gridcell" className="paths">
        {issue.attackPaths === 0 ? <span className="sr">none</span> : countText(issue.attackPaths)}
      </span>
      <span role="gridcell" className="owner">
        <Owner issue={issue} />
      </span>
      <span role="gridcell" className="due">
        <Due dueAt={issue.dueAt} now={now} />
      </span>
      <span role="gridcell" className="age">
        <time dateTime={issue.firstSeen} title={`First seen ${instantText(issue.firstSeen)}`}>
          {ageText(issue.firstSeen, now)}
        </time>
      </span>
      {/* biome-ignore-end lint/a11y/useSemanticElements: cells of the same grid */}
      {/* biome-ignore-end lint/a11y/useFocusableInteractive: the row takes the focus, not its cells */}
    </div>
  );
});
