import type { WatchList } from '../../../src/contract/watch.ts';
import { Moment } from '../shared/moment.tsx';
import { ScrollBox } from '../shared/scroll-box.tsx';

const tones = { read: 'state-dot good', same: 'state-dot good', failed: 'state-dot critical' } as const;
const words = { read: 'read', same: 'nothing new', failed: 'failed' } as const;

/** Places that the server looks at by itself, and what is wrong with the last look. */
export function WatchTable({ watches, now }: { watches: WatchList['items']; now: number }) {
  if (watches.length === 0) return null;
  return (
    <section className="section" aria-labelledby="watches-title" data-testid="watches">
      <header>
        <h2 id="watches-title">Watched places</h2>
        <span className="sub">looked at for reports on a schedule</span>
      </header>
      <ScrollBox label="Table of watched places" className="table-scroll">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">Place</th>
              <th scope="col">State</th>
              <th scope="col">Last look</th>
              <th scope="col">What it found</th>
            </tr>
          </thead>
          <tbody>
            {watches.map(({ id, location, everyMinutes, last }) => (
              <tr key={id} data-state={last?.state ?? 'never'}>
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
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}
