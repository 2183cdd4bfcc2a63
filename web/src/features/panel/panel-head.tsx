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

function OwnerLine({ owner }: { owner: string | null }) {
  return owner === null ? (
    'Unowned'
  ) : (
    <>
      Owner <b>{owner}</b>
    </>
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

/** What a person can decide about the issue in sight. */
export interface IssueActions {
  readonly onTakeIn: () => void;
  readonly onMute: () => void;
  readonly onUnmute: () => void;
  readonly onSnooze: () => void;
  readonly onBegin: () => void;
  readonly onComment: () => void;
  readonly onTicket: () => void;
  readonly onAssign: () => void;
  readonly onTeam: () => void;
  readonly onDue: () => void;
}

/** Title, severity, state and what a person can decide here. */
export function PanelHead({
  issue,
  now,
  actions,
}: {
  issue: IssueDetail;
  now: number;
  actions: IssueActions | null;
}) {
  const { admitted } = issue.why.admission;
  const owner = issue.assignee ?? issue.team;
  return (
    <>
      <header className="phead" data-about={issue.id}>
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
          <span>
            {issue.muted ? 'Muted' : statusWords[issue.status]}
            {issue.snoozedUntil !== null && ` until ${instantText(issue.snoozedUntil)}`}
          </span>
          {issue.regressedAt !== null && (
            <span>
              Back since <Moment at={issue.regressedAt} now={now} />
            </span>
          )}
          {actions === null ? (
            <span className="told">
              <OwnerLine owner={owner} />
            </span>
          ) : (
            <button
              type="button"
              className="owned told"
              title="Give to a team  (Shift T)"
              onClick={actions.onTeam}
            >
              <OwnerLine owner={owner} />
            </button>
          )}
          {issue.dueAt !== null && <DueLine dueAt={issue.dueAt} now={now} />}
          {issue.tickets.map(({ receiver, state, key, url }) => (
            <span key={receiver} title={`In ${receiver}, ${state}`}>
              Ticket{' '}
              {url === null || !/^https?:\/\//i.test(url) ? (
                <b>{key ?? state}</b>
              ) : (
                <a className="link told" href={url} rel="noreferrer noopener" target="_blank">
                  {key ?? receiver}
                </a>
              )}
            </span>
          ))}
          {issue.firstSeen !== null && (
            <span>
              First seen <Moment at={issue.firstSeen} now={now} />
            </span>
          )}
        </div>
      </header>
      {actions !== null && <Acts issue={issue} actions={actions} />}
    </>
  );
}

function Acts({ issue, actions }: { issue: IssueDetail; actions: IssueActions }) {
  return (
    <div className="acts">
      {!issue.why.admission.admitted && (
        <button type="button" className="btn" onClick={actions.onTakeIn}>
          Take in <kbd>+</kbd>
        </button>
      )}
      <button type="button" className="btn" onClick={actions.onAssign}>
        Assign <kbd>a</kbd>
      </button>
      {issue.muted ? (
        <button type="button" className="btn" onClick={actions.onUnmute}>
          Unmute <kbd>e</kbd>
        </button>
      ) : (
        <button type="button" className="btn" onClick={actions.onMute}>
          Mute <kbd>e</kbd>
        </button>
      )}
      <button type="button" className="btn" onClick={actions.onDue}>
        Due <kbd>d</kbd>
      </button>
      <button type="button" className="btn" onClick={actions.onSnooze}>
        {issue.status === 'snoozed' ? 'Wake' : 'Snooze'} <kbd>s</kbd>
      </button>
      <button type="button" className="btn" onClick={actions.onBegin}>
        {issue.status === 'in_progress' ? 'Stop' : 'Begin'} <kbd>b</kbd>
      </button>
      <button type="button" className="btn" onClick={actions.onComment}>
        Comment <kbd>c</kbd>
      </button>
      <button type="button" className="btn" onClick={actions.onTicket}>
        Ticket <kbd>t</kbd>
      </button>
    </div>
  );
}
