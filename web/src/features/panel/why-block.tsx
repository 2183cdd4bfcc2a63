import { useQuery } from '@tanstack/react-query';
import type { IssueDetail } from '../../../../src/contract/issue-detail.ts';
import { getAbove } from '../../shared/api/issue-api.ts';
import { Fold } from '../../shared/fold.tsx';
import { counted } from '../../shared/number-text.ts';
import { severityWords } from '../../shared/words.ts';
import { AdmissionRules } from './admission-rules.tsx';
import type { PanelPlace } from './panel-place.ts';
import { RiskEvidence } from './risk-evidence.tsx';
import { ScoreSteps } from './score-steps.tsx';

/** What sets this issue above the one below it: the first key of the order that differs. */
function AboveSentence({ id, below }: { id: string; below: NonNullable<PanelPlace['below']> }) {
  const above = useQuery({
    queryKey: ['above', id, below.issue.id],
    queryFn: ({ signal }) => getAbove(id, below.issue.id, signal),
  });
  if (!above.isSuccess) return null;
  return (
    <p className="versus told" title={below.issue.title}>
      Compared with number {below.rank}: {above.data.sentence}
    </p>
  );
}

/** The rank key, the five risks with evidence, the steps of the score, the rules of the inbox. */
export function WhyBlock({ issue, place, now }: { issue: IssueDetail; place: PanelPlace; now: number }) {
  const { rank, lead, risks, score, admission } = issue.why;
  const resources = rank.impact - issue.services;
  return (
    <Fold name="why" title="Why it is here">
      <p className="prose told" data-testid="rank-sentence">
        {rank.sentence}
      </p>
      <ol className="key" aria-label="Rank key">
        <li>
          <span className={`chip ${rank.severity}`}>{severityWords[rank.severity]}</span>
        </li>
        <li>
          <span className="chip">{counted(rank.riskCount, 'risk')}</span>
        </li>
        <li>
          <span className="chip">
            {rank.impact} impacted
            <span className="k">
              {counted(resources, 'resource')} + {counted(issue.services, 'service')}
            </span>
          </span>
        </li>
      </ol>
      {place.below !== null && <AboveSentence id={issue.id} below={place.below} />}
      {lead !== null && (
        <p className="versus told">
          Ranks by its finding on <b>{lead.resource.name}</b>: {lead.sentence}
        </p>
      )}
      <RiskEvidence risks={risks} now={now} />
      <ScoreSteps score={score} />
      <AdmissionRules admitted={admission.admitted} rules={admission.rules} admittedBy={issue.admittedBy} />
    </Fold>
  );
}
