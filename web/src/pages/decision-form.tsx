import { useEffect, useState } from 'react';
import { AssignForm } from '../features/foot/assign-form.tsx';
import { CommentForm } from '../features/foot/comment-form.tsx';
import { DueForm } from '../features/foot/due-form.tsx';
import { MuteForm } from '../features/foot/mute-form.tsx';
import { SnoozeForm } from '../features/foot/snooze-form.tsx';
import { TicketForm } from '../features/foot/ticket-form.tsx';
import type { Refusal } from '../features/foot/use-refusal.tsx';
import type { Decidable, Decision, Refused } from './use-decisions.ts';

/** What is asked before something is done. */
export type Asking = 'mute' | 'snooze' | 'assign' | 'team' | 'due' | 'comment' | 'ticket' | null;

/** What is asked before a decision is made, in the foot. What is refused stays as it was written, with the reason. */
export function DecisionForm({
  asking,
  issue,
  onDecide,
  onComment,
  onTicket,
  ...rest
}: {
  asking: Asking;
  issue: Pick<Decidable, 'title' | 'assignee' | 'team' | 'dueAt'>;
  now: number;
  busy: boolean;
  onDecide: (decision: Decision, refused: Refused) => void;
  onComment: (text: string, refused: Refused) => void;
  onTicket: (receiver: string, refused: Refused) => void;
  onCancel: () => void;
}) {
  useFocusBack();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const refused: Refused = (text) => setRefusal({ text });
  const decide = (decision: Decision) => onDecide(decision, refused);
  const asked = { ...rest, refusal };
  const { title, assignee, team, dueAt } = issue;
  const { now: _, ...form } = asked;
  if (asking === 'mute')
    return <MuteForm {...asked} title={title} onMute={(body) => decide({ do: 'mute', ...body })} />;
  if (asking === 'snooze')
    return <SnoozeForm {...asked} title={title} onSnooze={(body) => decide({ do: 'snooze', ...body })} />;
  if (asking === 'comment')
    return <CommentForm {...asked} title={title} onComment={(text) => onComment(text, refused)} />;
  if (asking === 'ticket')
    return <TicketForm {...asked} title={title} onTicket={(receiver) => onTicket(receiver, refused)} />;
  if (asking === 'due')
    return <DueForm {...asked} title={title} dueAt={dueAt} onDue={(due) => decide({ do: 'due', due })} />;
  if (asking === 'team')
    return (
      <AssignForm
        {...form}
        to="team"
        title={title}
        now={team}
        onAssign={(to) => decide({ do: 'team', team: to })}
      />
    );
  return (
    <AssignForm
      {...form}
      to="person"
      title={title}
      now={assignee}
      onAssign={(to) => decide({ do: 'assign', assignee: to })}
    />
  );
}

/** Whoever asked from a button or a row is back there once it is answered, unless something else took the focus. */
function useFocusBack(): void {
  const [asker] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (document.activeElement === document.body && asker instanceof HTMLElement)
        asker.focus({ preventScroll: true });
    },
    [asker],
  );
}
