export interface Point {
  readonly x: number;
  readonly y: number;
}

const round = (value: number) => Math.round(value * 10) / 10;

/** A line through points, as SVG writes it. */
export function linePath(points: readonly Point[]): string {
  return points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');
}

/** What lies between an upper and a lower line. */
export function areaPath(upper: readonly Point[], lower: readonly Point[]): string {
  if (upper.length === 0) return '';
  return `${linePath(upper)}${linePath(lower.toReversed()).replace('M', 'L')}Z`;
}

/** The top of a scale from 0 on that has four even parts: 1, 2 or 5 of a power of ten in each. */
export function niceTop(most: number): number {
  const part = most / 4;
  const power = 10 ** Math.floor(Math.log10(part));
  const step = [1, 2, 2.5, 5, 10].find((each) => each * power >= part - 1e-9) ?? 10;
  return step * power * 4;
}

/** Labels as near to their places as they can stand apart, from the top down, within a height. */
export function spreadLabels(places: readonly number[], apart: number, height: number): readonly number[] {
  const down: number[] = [];
  for (const [index, place] of places.entries())
    down.push(index === 0 ? Math.max(0, place) : Math.max(place, (down[index - 1] as number) + apart));
  const up: number[] = [];
  for (let index = down.length - 1; index >= 0; index--)
    up.unshift(
      Math.min(down[index] as number, index === down.length - 1 ? height : (up[0] as number) - apart),
    );
  return up;
}
