import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useCanGoBack, useNavigate, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { ADMITTED_BY_HAND } from '../../../src/contract/issue.ts';
import type { Session } from '../../../src/contract/session.ts';
import { Foot } from '../features/foot/foot.tsx';
import { IssueBody } from '../features/panel/issue-body.tsx';
import { IssueLinks } from '../features/panel/issue-links.tsx';
import { getIssue } from '../shared/api/issue-api.ts';
import { Icon } from '../shared/icon.tsx';
import { ProblemFace } from '../shared/problem-face.tsx';
import { ScrollBox } from '../shared/scroll-box.tsx';
import { useKeys } from '../shared/use-keys.ts';
import { useNow } from '../shared/use-now.ts';
import { type Asking, DecisionForm } from './decision-form.tsx';
import { type Decision, type Refused, useDecisions } from './use-decisions.ts';

const route = getRouteApi('/frame/issues/$id');

/** One issue as a page of its own: what the panel shows, with room to read it. */
export function IssuePage({ session }: { session: Session }) {
  const { id } = route.useParams();
  const now = useNow();
  const navigate = useNavigate();
  const router = useRouter();
  const canGoBack = useCanGoBack();
  const decisions = useDecisions();
  const [asking, setAsking] = useState<Asking>(null);
  const issue = useQuery({ queryKey: ['issue', id], queryFn: ({ signal }) => getIssue(id, signal) });
  const canDecide = session.role !== 'read';
  const target = issue.data ?? null;

  const back = () => {
    if (canGoBack) router.history.back();
    else void navigate({ to: '/', search: { issue: id } });
  };
  /** What is refused without a form (`refused`) closes one that is about something else, for the foot to say why. */
  const answered = (refused?: Refused) => ({
    onSuccess: () => setAsking(null),
    ...(refused === undefined && { onError: () => setAsking(null) }),
  });
  const decide = (decision: Decision, refused?: Refused) => {
    if (target !== null) decisions.decide({ issue: target, decision, refused }, answered(refused));
  };
  const takeIn = () => {
    if (target?.admittedBy.length === 0) decide({ do: 'admit' });
    else if (target?.admittedBy.includes(ADMITTED_BY_HAND)) decide({ do: 'unadmit' });
  };
  const startMuting = () => (target?.muted === true ? decide({ do: 'unmute' }) : setAsking('mute'));
  const snooze = () => (target?.status === 'snoozed' ? decide({ do: 'wake' }) : setAsking('snooze'));
  const begin = () => decide({ do: target?.status === 'in_progress' ? 'stop' : 'start' });
  useKeys({
    close: () => {
      if (asking !== null) setAsking(null);
      else if (decisions.said !== null) decisions.clear();
      else back();
    },
    ...(canDecide &&
      target !== null && {
        'take-in': takeIn,
        mute: startMuting,
        assign: () => setAsking('assign'),
        team: () => setAsking('team'),
        claim: () => decide({ do: 'assign', assignee: session.name }),
        due: () => setAsking('due'),
        snooze,
        begin,
        comment: () => setAsking('comment'),
        ticket: () => setAsking('ticket'),
      }),
    ...(decisions.said?.undo && { undo: decisions.said.undo }),
  });

  return (
    <main id="main" className="page" data-testid="issue-page">
      <title>{`${target?.title ?? 'Issue'} · Security Inbox`}</title>
      <header className="head">
        <button type="button" className="icon" aria-label="Back" title="Back  (Esc)" onClick={back}>
          <Icon name="left" />
        </button>
        <h1>Issue</h1>
        <span className="sub mono cut">{id}</span>
        <div className="right">
          <IssueLinks id={id} issue={target} isPage={true} />
        </div>
      </header>
      <ScrollBox label="About the issue" className="sections" busy={issue.isPending}>
        <article className="sheet">
          {issue.isPending && (
            <div className="phead skeleton" role="status" aria-label="Loading the issue">
              <span className="bone" />
              <span className="bone long" />
              <span className="bone" />
            </div>
          )}
          {issue.isError && <ProblemFace error={issue.error} retry={() => issue.refetch()} />}
          {issue.isSuccess && (
            <IssueBody
              issue={issue.data}
              place={{ text: null, below: null }}
              now={now}
              actions={
                canDecide
                  ? {
                      onTakeIn: takeIn,
                      onMute: startMuting,
                      onAssign: () => setAsking('assign'),
                      onTeam: () => setAsking('team'),
                      onDue: () => setAsking('due'),
                      onSnooze: snooze,
                      onBegin: begin,
                      onComment: () => setAsking('comment'),
                      onTicket: () => setAsking('ticket'),
                      onUnmute: () => decide({ do: 'unmute' }),
                    }
                  : null
              }
            />
          )}
        </article>
      </ScrollBox>
      {asking !== null && target !== null ? (
        <DecisionForm
          key={`${target.id} ${asking}`}
          asking={asking}
          issue={target}
          now={now}
          busy={decisions.isPending}
          onDecide={decide}
          onComment={(text, refused) =>
            decisions.comment({ issue: target, text, refused }, answered(refused))
          }
          onTicket={(receiver, refused) =>
            decisions.ticket({ issue: target, receiver, refused }, answered(refused))
          }
          onCancel={() => setAsking(null)}
        />
      ) : (
        decisions.said !== null && <Foot said={decisions.said} aside={null} />
      )}
    </main>
  );
}
