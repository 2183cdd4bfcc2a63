import { remembered } from '#base/remembered.ts';

/** Numbers of the weaknesses that texts such as `external/cwe/cwe-079` or `CWE-601: URL Redirection` name, ascending. */
export function cwesOf(texts: readonly string[]): readonly number[] {
  const numbers = new Set<number>();
  for (const text of texts) {
    const number = cweIn(text.slice(0, TEXT_MAX));
    if (number > 0) numbers.add(number);
  }
  return [...numbers].sort((a, b) => a - b);
}

const TEXT_MAX = 200;

/** 0 for none. */
const cweIn = remembered(2_000, (text) =>
  Number(/(?:^|[^a-z])cwe[-_: ]?0*(\d{1,5})(?!\d)/i.exec(text)?.[1] ?? 0),
);
