import type { PathMap } from '../../../../src/contract/attack-path.ts';
import { dataWords } from '../../../../src/contract/data-words.ts';
import { type Severity, severitySchema } from '../../../../src/contract/severity.ts';
import { counted, countText } from '../../shared/number-text.ts';
import { riskWords, severityWords } from '../../shared/words.ts';

type Node = PathMap['nodes'][number];

/** What of value it holds, in words; empty where nothing tells. */
export function dataText({ data }: Pick<Node, 'data'>): string {
  return data.map(dataWords).join(', ');
}

/** How many findings of each severity are on it, worst first. */
export function findingsOf({ findings }: Pick<Node, 'findings'>): readonly (readonly [Severity, number])[] {
  return severitySchema.options.flatMap((severity) => {
    const count = findings[severity] ?? 0;
    return count === 0 ? [] : [[severity, count] as const];
  });
}

/** `1 critical and 4 high findings`; empty where there is none. */
export function findingsText(node: Pick<Node, 'findings'>): string {
  const counts = findingsOf(node);
  if (counts.length === 0) return '';
  const words = counts.map(
    ([severity, count]) => `${countText(count)} ${severityWords[severity].toLowerCase()}`,
  );
  const [last] = words.slice(-1);
  const all = words.length === 1 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
  return `${all} ${counts.reduce((sum, [, count]) => sum + count, 0) === 1 ? 'finding' : 'findings'}`;
}

/** Everything that a card shows but its name and links, in the order of the card. */
export function nodeWords(node: Node): readonly string[] {
  const data = dataText(node);
  const findings = findingsText(node);
  return [
    node.kind.replaceAll('-', ' '),
    ...(node.count > 1 ? [counted(node.count, 'alike', 'alike')] : []),
    ...(node.account === null ? [] : [`in ${node.account}`]),
    ...(node.environment === null ? [] : [node.environment]),
    ...(node.owner === null ? [] : [`owned by ${node.owner}`]),
    ...node.badges.map((risk) => riskWords[risk].toLowerCase()),
    ...(data === '' ? [] : [`holds ${data}`]),
    ...(findings === '' ? [] : [findings]),
  ];
}
