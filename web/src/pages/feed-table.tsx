import type { Feed } from '../../../src/contract/feed.ts';
import { Moment } from '../shared/moment.tsx';
import { countText } from '../shared/number-text.ts';
import { ScrollBox } from '../shared/scroll-box.tsx';

const tones: Record<Feed['state'], string> = {
  fresh: 'state-dot good',
  stale: 'state-dot high',
  missing: 'state-dot hollow',
};

/** The intelligence feeds and how old what they say is. */
export function FeedTable({ feeds, now }: { feeds: readonly Feed[]; now: number }) {
  if (feeds.length === 0) return null;
  return (
    <section className="section" aria-labelledby="feeds-title">
      <header>
        <h2 id="feeds-title">Feeds</h2>
        <span className="sub">what is known about advisories; a stale feed says yes, never no</span>
      </header>
      <ScrollBox label="Table of feeds" className="table-scroll">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">Feed</th>
              <th scope="col">State</th>
              <th scope="col">As of</th>
              <th scope="col" className="num">
                Entries
              </th>
              <th scope="col">What it means</th>
            </tr>
          </thead>
          <tbody>
            {feeds.map((feed) => (
              <tr key={feed.id}>
                <td className="ttl told">{feed.name}</td>
                <td>
                  <span className={tones[feed.state]}>
                    <span>{feed.state}</span>
                  </span>
                </td>
                <td className="muted nowrap">
                  {feed.asOf === null ? 'never' : <Moment at={feed.asOf} now={now} />}
                </td>
                <td className="num" data-label="Entries">
                  {countText(feed.entries)}
                </td>
                <td className="muted told">{feed.sentence}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}
