import type { IssueDetail } from '../../../../src/contract/issue-detail.ts';
import { AboutBlock } from './about-block.tsx';
import { AcceptanceRequest } from './acceptance-request.tsx';
import { ComplianceBlock } from './compliance-block.tsx';
import { DeliveriesBlock } from './deliveries-block.tsx';
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
import { RulesBlock } from './rules-block.tsx';
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
      <AcceptanceRequest id={issue.id} />
      <WhyBlock issue={issue} place={place} now={now} />
      <AboutBlock issue={issue} />
      <PathBlock issue={issue} />
      <EffectBlock issue={issue} />
      <ResourcesBlock resources={issue.resources} mapOf={issue.attackPath === null ? issue.id : null} />
      <FixBlock issue={issue} />
      <PathsThroughBlock issue={issue} />
      <DeliveriesBlock id={issue.id} now={now} canDecide={actions !== null} />
      <OwnersBlock owners={issue.why.owners} />
      <ComplianceBlock control={issue.why.control} />
      <RulesBlock traces={issue.why.automation} />
      <FindingsBlock findings={issue.findings} now={now} />
      <HistoryBlock id={issue.id} now={now} />
    </>
  );
}
