import { AssignForm } from '../features/foot/assign-form.tsx';
import { DueForm } from '../features/foot/due-form.tsx';
import { MuteForm } from '../features/foot/mute-form.tsx';
import type { Decidable, Decision } from './use-decisions.ts';

/** What is asked before a decision is made, in the foot. */
export function DecisionForm({
  asking,
  issue,
  onDecide,
  ...asked
}: {
  asking: 'mute' | 'assign' | 'due' | null;
  issue: Decidable;
  now: number;
  busy: boolean;
  onDecide: (decision: Decision) => void;
  onCancel: () => void;
}) {
  const { title, assignee, dueAt } = issue;
  if (asking === 'mute')
    return <MuteForm {...asked} title={title} onMute={(body) => onDecide({ is: 'mute', body })} />;
  if (asking === 'due')
    return <DueForm {...asked} title={title} dueAt={dueAt} onDue={(due) => onDecide({ is: 'due', due })} />;
  return (
    <AssignForm
      {...asked}
      title={title}
      assignee={assignee}
      onAssign={(to) => onDecide({ is: 'assign', assignee: to })}
    />
  );
}
