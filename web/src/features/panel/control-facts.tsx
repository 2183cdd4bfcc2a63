import type { Control } from '../../../../src/contract/control.ts';
import { ScrollBox } from '../../shared/scroll-box.tsx';

/** Likelihood, impact, severity and frameworks of a control, and what the organisation changed about it. */
export function ControlFacts({ control }: { control: Control }) {
  const { likelihood, impact, severity, edit } = control;
  const needs = `${likelihood.vector.replaceAll('_', ' ')}, ${likelihood.accessibility}`;
  return (
    <>
      <h4 className="caption">Control {control.id}</h4>
      <p className="prose told">{control.why}</p>
      <ScrollBox label="About the control" className="table-scroll">
        <table className="steps" data-testid="control-facts">
          <tbody>
            <tr>
              <th scope="row">Likelihood</th>
              <td className="told">
                {likelihood.level.replaceAll('_', ' ')} <span className="muted">({needs})</span>
              </td>
            </tr>
            <tr>
              <th scope="row">Impact</th>
              <td>{impact}</td>
            </tr>
            <tr>
              <th scope="row">Severity</th>
              <td>{severity}</td>
            </tr>
            {edit !== null && (
              <tr>
                <th scope="row">Changed here</th>
                <td className="told">
                  by {edit.by}: {edit.reason}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </ScrollBox>
    </>
  );
}
