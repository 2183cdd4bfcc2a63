import { agoText, instantText } from './time-text.ts';

/** An instant as "2 h ago", with the exact time in its tooltip. */
export function Moment({ at, now }: { at: string; now: number }) {
  return (
    <time dateTime={at} title={instantText(at)}>
      {agoText(at, now)}
    </time>
  );
}
