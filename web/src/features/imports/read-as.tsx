import { useQuery } from '@tanstack/react-query';
import { getMappings } from '../../shared/api/import-api.ts';
import { asProblem } from '../../shared/api-problem.ts';
import { CommandLine } from '../../shared/command-line.tsx';

/** A file that no format knows, read again by one of the mappings that are kept; without any, how one comes to be kept. */
export function ReadAs({ busy, onRead }: { busy: boolean; onRead: (mapping: string) => void }) {
  const mappings = useQuery({ queryKey: ['mappings'], queryFn: ({ signal }) => getMappings(signal) });
  if (mappings.isPending) return null;
  if (mappings.isError) return <p className="told muted">{asProblem(mappings.error).detail}</p>;
  const kept = mappings.data.items;
  if (kept.length === 0)
    return (
      <>
        <p className="muted">A mapping that you keep says how to read it; it can then be chosen here.</p>
        <CommandLine command="security-inbox mappings apply MAPPING.yaml --name NAME" />
      </>
    );
  return (
    <form
      className="read-as"
      aria-label="Read it by a mapping"
      onSubmit={(event) => {
        event.preventDefault();
        onRead(String(new FormData(event.currentTarget).get('mapping')));
      }}
    >
      <label>
        Read it by the mapping{' '}
        <select className="field" name="mapping">
          {kept.map(({ name, tool }) => (
            <option key={name} value={name}>
              {name}, for {tool}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="btn" disabled={busy}>
        Read again
      </button>
    </form>
  );
}
