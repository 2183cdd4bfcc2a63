import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { WatchList } from '../../../src/contract/watch.ts';
import { removeWatch } from '../shared/api/supply-api.ts';
import { asProblem } from '../shared/api-problem.ts';
import { Icon } from '../shared/icon.tsx';
import { Moment } from '../shared/moment.tsx';
import { ScrollBox } from '../shared/scroll-box.tsx';
import { useKeys } from '../shared/use-keys.ts';
import { WatchForm } from './watch-form.tsx';

const tones = { read: 'state-dot good', same: 'state-dot good', failed: 'state-dot critical' } as const;
const words = { read: 'read', same: 'nothing new', failed: 'failed' } as const;

/** Places that the server looks at by itself, what is wrong with the last look, and a form for another one. */
export function WatchTable({
  watches,
  canChange,
  now,
}: {
  watches: WatchList['items'];
  canChange: boolean;
  now: number;
}) {
  const client = useQueryClient();
  const [adding, setAdding] = useState(false);
  const removing = useMutation({
    mutationFn: removeWatch,
    onSuccess: (left) => client.setQueryData(['watches'], left),
  });
  useKeys({ ...(canChange && { watch: () => setAdding(true) }) });
  if (watches.length === 0 && !canChange) return null;
  return (
    <section className="section" aria-labelledby="watches-title" data-testid="watches">
      <header>
        <h2 id="watches-title">Watched places</h2>
        <span className="sub">
          {watches.length === 0
            ? 'a folder or an address that is looked at for reports by itself'
            : 'looked at for reports on a schedule'}
        </span>
        {canChange && !adding && (
          <div className="right">
            <button type="button" className="btn" onClick={() => setAdding(true)}>
              <Icon name="plus" /> Watch a place
            </button>
          </div>
        )}
      </header>
      {adding && <WatchForm onClose={() => setAdding(false)} />}
      {removing.isError && (
        <p className="told critical" role="alert">
          {asProblem(removing.error).detail}
        </p>
      )}
      {watches.length > 0 && (
        <ScrollBox label="Table of watched places" className="table-scroll">
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">Place</th>
                <th scope="col">State</th>
                <th scope="col">Last look</th>
                <th scope="col">What it found</th>
                {canChange && (
                  <th scope="col">
                    <span className="sr">What can be done</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {watches.map(({ id, location, everyMinutes, last }) => (
                <tr key={id} data-testid="watch" data-state={last?.state ?? 'never'}>
                  <td className="two told">
                    <span className="ttl">{location}</span>
                    <small>every {everyMinutes} min</small>
                  </td>
                  <td>
                    <span className={last === null ? 'state-dot hollow' : tones[last.state]}>
                      <span>{last === null ? 'never looked at' : words[last.state]}</span>
                    </span>
                  </td>
                  <td className="muted nowrap">{last !== null && <Moment at={last.at} now={now} />}</td>
                  <td className="muted told">{last?.sentence ?? ''}</td>
                  {canChange && (
                    <td className="acts-cell">
                      <button
                        type="button"
                        className="btn quiet"
                        disabled={removing.isPending}
                        aria-label={`Watch ${location} no longer`}
                        onClick={() => removing.mutate(id)}
                      >
                        Watch no longer
                      </button>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
    </section>
  );
}
