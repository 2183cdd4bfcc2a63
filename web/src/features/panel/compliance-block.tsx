import type { Control } from '../../../../src/contract/control.ts';
import { Fold } from '../../shared/fold.tsx';
import { counted } from '../../shared/number-text.ts';

/** The requirements that the control is one of, by framework. */
export function ComplianceBlock({ control }: { control: Control | null }) {
  const requirements = control?.requirements ?? [];
  if (requirements.length === 0) return null;
  const byFramework = Map.groupBy(requirements, ({ framework }) => framework);
  return (
    <Fold name="compliance" title="Compliance" aside={counted(byFramework.size, 'framework')}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">Framework</th>
            <th scope="col">Requirements</th>
          </tr>
        </thead>
        <tbody>
          {[...byFramework].map(([framework, each]) => (
            <tr key={framework}>
              <td className="told">{framework}</td>
              <td className="told muted">{each.map(({ id }) => id).join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Fold>
  );
}
