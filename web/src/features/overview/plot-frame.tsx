import type { ReactNode } from 'react';
import { countText } from '../../shared/number-text.ts';

const months = new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' });
const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
/** Below so many weeks every tick is a day. */
const DAYS_UP_TO = 8;
const TICKS_MAX = 7;

/** The weeks that have a word below the plot: the first of each month, or each of few weeks. */
function ticksOf(
  weeks: readonly string[],
  zero: 'foot' | 'middle',
): readonly { readonly at: number; readonly text: string }[] {
  // Lines have a point at both ends; of bars each has a place of its own width.
  const at = (index: number) =>
    zero === 'middle' ? (index + 0.5) / weeks.length : weeks.length === 1 ? 0 : index / (weeks.length - 1);
  const named = weeks.map((end, index) => ({
    index,
    text: weeks.length <= DAYS_UP_TO ? days.format(new Date(end)) : months.format(new Date(end)),
  }));
  const first = named.filter(({ text }, index) => text !== named[index - 1]?.text);
  const step = Math.ceil(first.length / TICKS_MAX);
  return first.filter((_, index) => index % step === 0).map(({ index, text }) => ({ at: at(index), text }));
}

/** Shapes stretch, words do not: the scale, the weeks and the labels are text around a picture of 1000 units in width. */
export function Plot({
  label,
  height,
  top,
  unit,
  zero = 'foot',
  weeks,
  labels,
  children,
}: {
  label: string;
  height: number;
  /** The value at the upper end. */
  top: number;
  unit: string;
  /** Where nothing is drawn: what is counted against each other goes up and down from the middle, as far each way. */
  zero?: 'foot' | 'middle';
  weeks: readonly string[];
  labels: readonly { readonly at: number; readonly text: ReactNode }[];
  children: ReactNode;
}) {
  const parts = [0, 1, 2, 3, 4];
  const base = zero === 'foot' ? 0 : 2;
  const valueAt = (part: number) => (Math.abs(part - base) * top) / (4 - base);
  return (
    <figure className="plot" aria-label={label}>
      <div className="scale" aria-hidden="true">
        {parts.map((part) => (
          <span key={part} className="at" data-part={part}>
            {countText(Math.round((valueAt(part) + Number.EPSILON) * 10) / 10)}
            {part !== base && unit}
          </span>
        ))}
      </div>
      <svg viewBox={`0 0 1000 ${height}`} height={height} preserveAspectRatio="none" aria-hidden="true">
        {parts.map((part) => (
          <path
            key={part}
            className={part === base ? 'base' : 'rule'}
            d={`M0 ${height - (height / 4) * part}H1000`}
          />
        ))}
        {children}
      </svg>
      <ul className="ends" aria-label={`${label}: now`}>
        {labels.map(({ at, text }) => (
          <li key={at} style={{ top: `${(at / height) * 100}%` }}>
            {text}
          </li>
        ))}
      </ul>
      <div className={zero === 'middle' ? 'ticks bars-below' : 'ticks'} aria-hidden="true">
        {ticksOf(weeks, zero).map(({ at, text }) => (
          <span key={at} style={{ left: `${at * 100}%` }}>
            {text}
          </span>
        ))}
      </div>
    </figure>
  );
}
