import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { getIssue } from '../../shared/api/issue-api.ts';
import { Icon } from '../../shared/icon.tsx';
import { ProblemFace } from '../../shared/problem-face.tsx';
import { ScrollBox } from '../../shared/scroll-box.tsx';
import { IssueBody } from './issue-body.tsx';
import { IssueLinks } from './issue-links.tsx';
import { PanelEdge } from './panel-edge.tsx';
import type { IssueActions } from './panel-head.tsx';
import type { PanelPlace } from './panel-place.ts';

/** From this width down the panel covers the list; the same width is in the style sheets. */
const COVERS = '(width <= 68.75em)';

/** Everything that is known about one issue, and why it stands where it stands. */
export function IssuePanel({
  id,
  place,
  now,
  actions,
  onMove,
  onClose,
  foot,
}: {
  id: string;
  place: PanelPlace;
  now: number;
  actions: IssueActions | null;
  onMove: (by: 1 | -1) => void;
  onClose: () => void;
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
      <PanelEdge />
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
          <IssueLinks id={id} issue={issue.data ?? null} isPage={false} />
          <button type="button" className="icon" aria-label="Close" title="Close  (Esc)" onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
      </div>
      <ScrollBox label="About the issue" className="scroll" busy={issue.isPending || issue.isPlaceholderData}>
        {issue.isPending && <PanelSkeleton />}
        {issue.isError && <ProblemFace error={issue.error} retry={() => issue.refetch()} />}
        {issue.isSuccess && <IssueBody issue={issue.data} place={place} now={now} actions={actions} />}
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
