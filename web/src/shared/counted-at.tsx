import { Moment } from './moment.tsx';

/** A count that is older says so; in milliseconds. */
const WORTH_SAYING = 60_000;

/** As of when a count holds that is told while a new one is made; nothing of one that is new. */
export function CountedAt({ at, now }: { at: string; now: number }) {
  if (now - Date.parse(at) <= WORTH_SAYING) return null;
  return (
    <>
      , counted <Moment at={at} now={now} />
    </>
  );
}
