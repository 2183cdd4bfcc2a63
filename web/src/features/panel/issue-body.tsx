import type { IssueDetail } from '../../../../src/contract/issue-detail.ts';
import { AboutBlock } from './about-block.tsx';
import { ComplianceBlock } from './compliance-block.tsx';
import { EffectBlock } from './effect-block.tsx';
import { FindingsBlock } from './findings-block.tsx';
import { FixBlock } from './fix-block.tsx';
import { HistoryBlock } from './history-block.tsx';
import { OwnersBlock } from './owners-block.tsx';
import { type IssueActions, PanelHead } from './panel-head.tsx';
import type { PanelPlace } from './panel-place.ts';
import { PathBlock } from './path-block.tsx';
import { PathsThroughBlock } from './paths-through-block.tsx';
import { ResourcesBlock } from './resources-block.tsx';
import { WhyBlock } from './why-block.tsx';

/** Everything that is known about one issue, in the order of web-design §1; the panel and the page show the same. */
export function IssueBody({
  issue,
  place,
  now,
  actions,
}: {
  issue: IssueDetail;
  place: PanelPlace;
  now: number;
  /** Null: who looks may decide nothing. */
  actions: IssueActions | null;
}) {
  return (
    <>
      <PanelHead issue={issue} now={now} actions={actions} />
      <WhyBlock issue={issue} place={place} now={now} />
      <AboutBlock issue={issue} />
      <PathBlock issue={issue} />
      <EffectBlock issue={issue} />
      <ResourcesBlock resources={issue.resources} />
      <FixBlock findings={issue.findings} control={issue.why.control} />
      <PathsThroughBlock issue={issue} />
      <OwnersBlock owners={issue.why.owners} />
      <ComplianceBlock control={issue.why.control} />
      <FindingsBlock findings={issue.findings} now={now} />
      <HistoryBlock id={issue.id} now={now} />
    </>
  );
}
