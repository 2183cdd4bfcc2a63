import type { Resource } from '../../../../src/contract/resource.ts';
import { counted } from '../../shared/number-text.ts';

const verdicts = { yes: 'open', no: 'closed', unknown: 'unknown' } as const;

/** Every way in to a resource that was looked at: by whom, to what, who checks them, and through what. */
export function ExposureTable({ exposure }: { exposure: Resource['exposure'] }) {
  if (exposure.length === 0)
    return <p className="muted">No way in is described: no inventory tells how it can be reached.</p>;
  return (
    <div className="table-scroll">
      <table className="plain rows-table" data-testid="exposure">
        <thead>
          <tr>
            <th scope="col">Answer</th>
            <th scope="col">Who</th>
            <th scope="col">Reaches what</th>
            <th scope="col">Checked by</th>
            <th scope="col">Through</th>
          </tr>
        </thead>
        <tbody>
          {exposure.map((way, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: ways in have no id and never move
            <tr key={index} data-verdict={way.verdict}>
              <td className={way.verdict === 'yes' ? 'ttl nowrap' : 'muted nowrap'}>
                {verdicts[way.verdict]}
                {way.dormant && ', once it starts'}
              </td>
              <td className="told" data-label="Who">
                {way.audience}
              </td>
              <td className="two told" data-label="Reaches">
                {way.surface}
                {way.hands === 'exec' && <small>whoever gets in runs code</small>}
              </td>
              <td className="told" data-label="Checked by">
                {way.auth}
                {way.filteredBy !== null && `, filtered by ${way.filteredBy}`}
              </td>
              <td className="two told muted">
                {way.via.join(' › ')}
                {way.evidence.map(({ sentence }) => (
                  <small key={sentence}>{sentence}</small>
                ))}
                {way.missing.length > 0 && (
                  <small className="whole">Missing to tell: {way.missing.join('; ')}</small>
                )}
                {way.gates.length > 0 && (
                  <small title={way.gates.join('\n')}>
                    {counted(way.gates.length, 'gate closes it', 'gates close it')}
                  </small>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
