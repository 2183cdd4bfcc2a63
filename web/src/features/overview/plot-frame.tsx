import type { ReactNode } from 'react';
import { countText } from '../../shared/number-text.ts';

const months = new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' });
const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
/** Below so many weeks every tick is a day. */
const DAYS_UP_TO = 8;
const TICKS_MAX = 7;

/** The weeks that have a word below the plot: the first of each month, or each of few weeks. */
function ticksOf(weeks: readonly string[]): readonly { readonly at: number; readonly text: string }[] {
  const named = weeks.map((end, index) => ({
    index,
    text: weeks.length <= DAYS_UP_TO ? days.format(new Date(end)) : months.format(new Date(end)),
  }));
  const first = named.filter(({ text }, index) => text !== named[index - 1]?.text);
  const step = Math.ceil(first.length / TICKS_MAX);
  return first
    .filter((_, index) => index % step === 0)
    .map(({ index, text }) => ({ at: weeks.length === 1 ? 0 : index / (weeks.length - 1), text }));
}

/** Shapes stretch, words do not: the scale, the weeks and the labels are text around a picture of 1000 units in width. */
export function Plot({
  label,
  height,
  top,
  unit,
  weeks,
  labels,
  children,
}: {
  label: string;
  height: number;
  top: number;
  unit: string;
  weeks: readonly string[];
  labels: readonly { readonly at: number; readonly text: ReactNode }[];
  children: ReactNode;
}) {
  const parts = [0, 1, 2, 3, 4];
  return (
    <figure className="plot" aria-label={label}>
      <div className="scale" aria-hidden="true">
        {parts.map((part) => (
          <span key={part} className="at" data-part={part}>
            {countText(Math.round(((top / 4) * part + Number.EPSILON) * 10) / 10)}
            {part > 0 && unit}
          </span>
        ))}
      </div>
      <svg viewBox={`0 0 1000 ${height}`} height={height} preserveAspectRatio="none" aria-hidden="true">
        {parts.map((part) => (
          <path
            key={part}
            className={part === 0 ? 'base' : 'rule'}
            d={`M0 ${height - (height / 4) * part}H1000`}
          />
        ))}
        {children}
      </svg>
      <ul className="ends" aria-label={`${label}: now`}>
        {labels.map(({ at, text }) => (
          <li key={at} style={{ top: at }}>
            {text}
          </li>
        ))}
      </ul>
      <div className="ticks" aria-hidden="true">
        {ticksOf(weeks).map(({ at, text }) => (
          <span key={at} style={{ left: `${at * 100}%` }}>
            {text}
          </span>
        ))}
      </div>
    </figure>
  );
}
