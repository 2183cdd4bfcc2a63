import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { getReceivers } from '../../shared/api/receiver-api.ts';

/** In which tracker a rule makes tickets: one of those that are set up, or the one that it names already. */
export function TrackerField({ value, onChange }: { value: string; onChange: (name: string) => void }) {
  const receivers = useQuery({ queryKey: ['receivers'], queryFn: ({ signal }) => getReceivers(signal) });
  const trackers = (receivers.data?.items ?? []).flatMap(({ name, kind }) =>
    kind === 'webhook' ? [] : [name],
  );
  const names = [...new Set([...trackers, ...(value === '' ? [] : [value])])];
  return (
    <>
      <label>
        Tracker
        <select className="field" value={value} onChange={({ target }) => onChange(target.value)}>
          {value === '' && <option value="">choose one</option>}
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {receivers.isSuccess && trackers.length === 0 && (
        <p className="muted">
          No tracker is set up yet.{' '}
          <Link className="link" to="/automation" search={{ as: 'receivers' }}>
            Set one up
          </Link>
        </p>
      )}
    </>
  );
}
