import { useQuery } from '@tanstack/react-query';
import { getAutomation } from '../../shared/api/rules-api.ts';
import { counted, countText } from '../../shared/number-text.ts';

const LOOK_MS = 1_000;

/** How far a change of the rules has come, of whoever makes it; nothing where none is at work. */
export function ChangeAtWork({ isOurs }: { isOurs: boolean }) {
  const look = useQuery({
    queryKey: ['automation-at-work'],
    queryFn: ({ signal }) => getAutomation(signal),
    refetchInterval: ({ state }) => (isOurs || state.data?.running != null ? LOOK_MS : false),
  });
  const running = look.data?.running ?? null;
  if (running === null || running.all === 0) return null;
  return (
    <p className="section muted" role="status" data-testid="change-at-work">
      Other rules are being put in force: {countText(running.done)} of {counted(running.all, 'issue')}{' '}
      assessed anew. Until they are, those below act.
    </p>
  );
}
