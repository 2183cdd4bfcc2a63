import type { ScoredVector } from '#app/score-vectors.ts';
import type { Paint } from './paint.ts';
import { safe } from './terminal-text.ts';

/** A scored vector with its steps, as lines for a terminal. */
export function presentScore(
  { vector, version, base, adjustedVector, adjusted, severity, factors }: ScoredVector,
  paint: Paint,
): readonly string[] {
  return [
    `${base.toFixed(1)} -> ${paint.severity(`${adjusted.toFixed(1)} ${severity}`, severity)}  CVSS ${version}`,
    `  base      ${safe(vector)}`,
    `  adjusted  ${safe(adjustedVector)}`,
    ...factors.map(
      ({ metric, key, from, to, effect, sentence }) =>
        `  ${effect.padEnd(8)}  ${metric ?? key} ${from === to ? to : `${from} -> ${to}`}: ${sentence}`,
    ),
  ];
}
