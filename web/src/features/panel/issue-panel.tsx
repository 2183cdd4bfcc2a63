import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { getIssue } from '../../shared/api.ts';
import { Icon } from '../../shared/icon.tsx';
import { ProblemFace } from '../../shared/problem-face.tsx';
import { ScrollBox } from '../../shared/scroll-box.tsx';
import { FindingsBlock } from './findings-block.tsx';
import { FixBlock } from './fix-block.tsx';
import { HistoryBlock } from './history-block.tsx';
import { PanelHead } from './panel-head.tsx';
import type { PanelPlace } from './panel-place.ts';
import { PathBlock } from './path-block.tsx';
import { ResourcesBlock } from './resources-block.tsx';
import { WhyBlock } from './why-block.tsx';

/** From this width down the panel covers the list; the same width is in the style sheets. */
const COVERS = '(max-width: 1100px)';

/** Everything that is known about one issue, and why it stands where it stands. */
export function IssuePanel({
  id,
  place,
  now,
  canDecide,
  onMove,
  onClose,
  onTakeIn,
  onMute,
  onUnmute,
  onAssign,
  onDue,
  foot,
}: {
  id: string;
  place: PanelPlace;
  now: number;
  canDecide: boolean;
  onMove: (by: 1 | -1) => void;
  onClose: () => void;
  onTakeIn: () => void;
  onMute: () => void;
  onUnmute: () => void;
  onAssign: () => void;
  onDue: () => void;
  /** What is asked or was said about the issue, at the foot of the panel. */
  foot: ReactNode;
}) {
  const issue = useQuery({
    queryKey: ['issue', id],
    queryFn: ({ signal }) => getIssue(id, signal),
    placeholderData: keepPreviousData,
  });
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (matchMedia(COVERS).matches) panel.current?.focus();
  }, []);

  return (
    <aside className="panel col" aria-label="Issue" ref={panel} tabIndex={-1} data-testid="issue-panel">
      <div className="ptop">
        {place.text !== null && <span>{place.text}</span>}
        <button
          type="button"
          className="icon"
          aria-label="Previous issue"
          title="Previous issue  (k)"
          onClick={() => onMove(-1)}
        >
          <Icon name="up" />
        </button>
        <button
          type="button"
          className="icon"
          aria-label="Next issue"
          title="Next issue  (j)"
          onClick={() => onMove(1)}
        >
          <Icon name="down" />
        </button>
        <div className="right">
          <button type="button" className="icon" aria-label="Close" title="Close  (Esc)" onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
      </div>
      <ScrollBox label="About the issue" className="scroll" busy={issue.isPending || issue.isPlaceholderData}>
        {issue.isPending && <PanelSkeleton />}
        {issue.isError && <ProblemFace error={issue.error} retry={() => issue.refetch()} />}
        {issue.isSuccess && (
          <>
            <PanelHead
              issue={issue.data}
              now={now}
              canDecide={canDecide}
              onTakeIn={onTakeIn}
              onMute={onMute}
              onUnmute={onUnmute}
              onAssign={onAssign}
              onDue={onDue}
            />
            <PathBlock path={issue.data.attackPath} />
            <WhyBlock issue={issue.data} place={place} now={now} />
            <FixBlock findings={issue.data.findings} control={issue.data.why.control} />
            <FindingsBlock findings={issue.data.findings} now={now} />
            <ResourcesBlock resources={issue.data.resources} />
            <HistoryBlock id={issue.data.id} now={now} />
          </>
        )}
      </ScrollBox>
      {foot}
    </aside>
  );
}

function PanelSkeleton() {
  return (
    <div className="phead skeleton" role="status" aria-label="Loading the issue">
      <span className="bone" />
      <span className="bone long" />
      <span className="bone" />
    </div>
  );
}
