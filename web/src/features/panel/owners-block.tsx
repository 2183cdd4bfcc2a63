import type { IssueDetail } from '../../../../src/contract/issue-detail.ts';
import { Fold } from '../../shared/fold.tsx';

/** Whose it may be, best first, with what says so and how sure that is. */
export function OwnersBlock({ owners }: { owners: IssueDetail['why']['owners'] }) {
  if (owners.length === 0) return null;
  return (
    <Fold name="owners" title="Owners" aside={owners[0]?.name}>
      <table className="plain" data-testid="owners">
        <thead>
          <tr>
            <th scope="col">Owner</th>
            <th scope="col">Because</th>
            <th scope="col" className="num">
              Confidence
            </th>
          </tr>
        </thead>
        <tbody>
          {owners.map(({ name, reason, confidence }) => (
            <tr key={name}>
              <td className="told">
                <b>{name}</b>
              </td>
              <td className="told muted">{reason}</td>
              <td className="num">{confidence}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Fold>
  );
}
