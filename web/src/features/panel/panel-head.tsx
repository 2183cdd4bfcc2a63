import type { IssueDetail } from '../../../../src/contract/issue-detail.ts';
import { Icon } from '../../shared/icon.tsx';
import { Moment } from '../../shared/moment.tsx';
import { scoreText } from '../../shared/number-text.ts';
import { dueText, instantText } from '../../shared/time-text.ts';
import { severityWords, statusWords, typeSentences } from '../../shared/words.ts';

function ScoreLine({ issue }: { issue: IssueDetail }) {
  const { base, adjusted } = issue.why.score;
  if (base !== null && adjusted !== null) {
    return (
      <span>
        <b>{scoreText(base.score)}</b> base <Icon name="arrow" /> <b>{scoreText(adjusted.score)}</b> adjusted
      </span>
    );
  }
  return issue.score === null ? null : (
    <span>
      <b>{scoreText(issue.score)}</b> score
    </span>
  );
}

function DueLine({ dueAt, now }: { dueAt: string; now: number }) {
  const due = dueText(dueAt, now);
  return (
    <span>
      Due{' '}
      <time className={due.overdue ? 'critical' : 'strong'} dateTime={dueAt} title={instantText(dueAt)}>
        {due.text}
      </time>
    </span>
  );
}

/** Title, severity, state and what a person can decide here. */
export function PanelHead({
  issue,
  now,
  canDecide,
  onTakeIn,
  onMute,
  onUnmute,
  onAssign,
  onDue,
}: {
  issue: IssueDetail;
  now: number;
  canDecide: boolean;
  onTakeIn: () => void;
  onMute: () => void;
  onUnmute: () => void;
  onAssign: () => void;
  onDue: () => void;
}) {
  const { admitted } = issue.why.admission;
  const owner = issue.assignee ?? issue.team;
  return (
    <>
      <header className="phead">
        <p className="kind">
          {typeSentences[issue.type]}
          {!admitted && ' · not admitted'}
        </p>
        <h2 className="told">{issue.title}</h2>
        <div className="state first">
          <span className={`sevmark ${issue.severity}`}>{severityWords[issue.severity]}</span>
          <ScoreLine issue={issue} />
        </div>
        <div className="state">
          <span>{issue.muted ? 'Muted' : statusWords[issue.status]}</span>
          <span className="told">{owner === null ? 'Unowned' : <b>{owner}</b>}</span>
          {issue.dueAt !== null && <DueLine dueAt={issue.dueAt} now={now} />}
          {issue.firstSeen !== null && (
            <span>
              First seen <Moment at={issue.firstSeen} now={now} />
            </span>
          )}
        </div>
      </header>
      {canDecide && (
        <div className="acts">
          {!admitted && (
            <button type="button" className="btn" onClick={onTakeIn}>
              Take in <kbd>+</kbd>
            </button>
          )}
          <button type="button" className="btn" onClick={onAssign}>
            Assign <kbd>a</kbd>
          </button>
          {issue.muted ? (
            <button type="button" className="btn" onClick={onUnmute}>
              Unmute
            </button>
          ) : (
            <button type="button" className="btn" onClick={onMute}>
              Mute <kbd>e</kbd>
            </button>
          )}
          <button type="button" className="btn" onClick={onDue}>
            Due <kbd>d</kbd>
          </button>
        </div>
      )}
    </>
  );
}
