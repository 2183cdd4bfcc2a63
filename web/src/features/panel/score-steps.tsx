import type { ScoreReason, ScoreStep } from '../../../../src/contract/issue-detail.ts';
import { Icon } from '../../shared/icon.tsx';
import { scoreText } from '../../shared/number-text.ts';
import { ScrollBox } from '../../shared/scroll-box.tsx';
import { sentenceCase } from '../../shared/sentence-case.ts';

const effects: Record<ScoreStep['effect'], { sign: string; word: string }> = {
  riskier: { sign: '↑', word: 'riskier' },
  safer: { sign: '↓', word: 'safer' },
  neutral: { sign: '=', word: 'neutral' },
  unknown: { sign: '?', word: 'unknown' },
};

/** What a metric of CVSS is about; the rest are words already. */
const metrics: Readonly<Record<string, string>> = {
  E: 'Exploit',
  'CR/IR/AR': 'Environment',
  MAC: 'Likelihood',
  MAV: 'Exposure',
  AC: 'Likelihood',
  AV: 'Exposure',
};

/** How the severity came about: the base vector, each change that context made, the adjusted vector. */
export function ScoreSteps({ score }: { score: ScoreReason }) {
  return (
    <>
      <h4 className="caption">Severity</h4>
      <p className="told">{score.sentence}</p>
      {(score.base !== null || score.steps.length > 0) && (
        <ScrollBox label="Steps of the severity" className="table-scroll">
          <table className="steps">
            <thead>
              <tr>
                <th scope="col">Step</th>
                <th scope="col">Because</th>
                <th scope="col">Change</th>
                <th scope="col" className="num">
                  Effect
                </th>
              </tr>
            </thead>
            <tbody>
              {score.base !== null && (
                <tr>
                  <td>Base</td>
                  <td className="muted told" title={score.base.vector}>
                    {score.base.provenance}
                  </td>
                  <td className="mono muted" />
                  <td className="num">{scoreText(score.base.score)}</td>
                </tr>
              )}
              {score.steps.map((step) => (
                <tr key={`${step.metric} ${step.from} ${step.to} ${step.reason}`}>
                  <td className="told">{metrics[step.metric] ?? sentenceCase(step.metric)}</td>
                  <td className="muted told">{step.reason}</td>
                  <td className="mono muted nowrap">
                    <span className="change">
                      {step.metric in metrics && `${step.metric}:`}
                      {step.from !== '' && step.from !== step.to && (
                        <>
                          {step.from} <Icon name="arrow" />{' '}
                        </>
                      )}
                      {step.to}
                    </span>
                  </td>
                  <td className="num nowrap" data-effect={step.effect}>
                    <span aria-hidden="true">{effects[step.effect].sign} </span>
                    {effects[step.effect].word}
                  </td>
                </tr>
              ))}
              {score.adjusted !== null && (
                <tr>
                  <td>Adjusted</td>
                  <td className="muted told" colSpan={2}>
                    <span className="mono">{score.adjusted.vector}</span>
                  </td>
                  <td className="num">
                    <b>{scoreText(score.adjusted.score)}</b>
                  </td>
                </tr>
              )}
            </tbody>
          </table>
        </ScrollBox>
      )}
    </>
  );
}
