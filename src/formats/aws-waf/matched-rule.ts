import { asArray, asObject, asObjects, asText, type JsonObject } from '#base/json-value.ts';
import type { Severity } from '#domain/severity/severity.ts';

/** A rule that a request met, and what it is taken for. */
export interface MatchedRule {
  readonly rule: string;
  readonly severity: Severity;
  readonly techniques: readonly string[];
  /** Null for an attack, else why it is none. */
  readonly whyNoAttack: string | null;
}

/** What AWS names its managed rules after: known ways of attack. Whether the rule blocks or only counts, they were tried. */
const WAYS: readonly (readonly [name: RegExp, severity: Severity, technique: string | null])[] = [
  [
    /log4j|javadeserialization|\brce|_rce|rfi|remotefileinclusion|unixshell|windowsshell|powershell|phphighrisk/i,
    'high',
    'T1190',
  ],
  [/sqli|sql_?injection/i, 'high', 'T1190'],
  [/ssrf|ec2metadata/i, 'high', 'T1190'],
  [/lfi|traversal|restrictedextensions/i, 'medium', 'T1190'],
  [/xss|cross_?site/i, 'medium', 'T1189'],
  [/exploitablepaths|knownbadinputs|wordpress|posixos|linuxos|windowsos|php_?rule/i, 'medium', 'T1190'],
  [/accounttakeover|atp|credential|volumetric|accountcreationfraud/i, 'medium', 'T1110'],
];

const DEFAULT_ACTION = 'Default_Action';
/** Actions that keep a request from the application, at least for now. */
const STOPPED: ReadonlySet<string> = new Set(['BLOCK', 'CAPTCHA', 'CHALLENGE']);
const SEVERITY_ORDER: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

/** The worst rule that a request met; null when it met none but the default. */
export function worstRule(record: JsonObject): MatchedRule | null {
  const matched = [...terminating(record), ...counted(record)];
  const order = ({ whyNoAttack, severity }: MatchedRule) =>
    (whyNoAttack === null ? 0 : 10) + SEVERITY_ORDER.indexOf(severity);
  return matched.toSorted((a, b) => order(a) - order(b))[0] ?? null;
}

function terminating(record: JsonObject): readonly MatchedRule[] {
  const action = asText(record.action) ?? '';
  const outer = asText(record.terminatingRuleId) ?? DEFAULT_ACTION;
  const details = asObjects(record.terminatingRuleMatchDetails).flatMap(
    (each) => asText(each.conditionType) ?? [],
  );
  const group = asObjects(record.ruleGroupList).find((each) => asObject(each.terminatingRule) !== undefined);
  const inner = asText(asObject(group?.terminatingRule)?.ruleId);
  const rule = inner === undefined ? outer : `${asText(group?.ruleGroupId) ?? outer}/${inner}`;
  const names = [inner ?? outer, outer, ...details, ...labelsOf(record)];
  if (!STOPPED.has(action)) return details.length > 0 ? judged(rule, details, false) : [];
  // What the default action turns away was on no list of what is allowed.
  if (outer === DEFAULT_ACTION) return details.length > 0 ? judged(rule, details, false) : [];
  if (asText(record.terminatingRuleType) === 'RATE_BASED')
    return [{ rule, severity: 'low', techniques: ['T1499'], whyNoAttack: null }];
  return judged(rule, names, true);
}

function counted(record: JsonObject): readonly MatchedRule[] {
  const own = asObjects(record.nonTerminatingMatchingRules).map((each) => ({ group: null, each }));
  const grouped = asObjects(record.ruleGroupList).flatMap((group) => [
    ...asObjects(group.nonTerminatingMatchingRules).map((each) => ({
      group: asText(group.ruleGroupId) ?? null,
      each,
    })),
    ...asObjects(group.excludedRules).map((each) => ({ group: asText(group.ruleGroupId) ?? null, each })),
  ]);
  return [...own, ...grouped].flatMap(({ group, each }) => {
    const id = asText(each.ruleId);
    if (id === undefined) return [];
    const details = asObjects(each.ruleMatchDetails).flatMap((detail) => asText(detail.conditionType) ?? []);
    const rule = group === null ? id : `${group}/${id}`;
    const found = judged(rule, [id, ...details], false);
    return found.length > 0
      ? found
      : [
          {
            rule,
            severity: 'info' as const,
            techniques: [],
            whyNoAttack: 'The rule only counts, and names no way of attack.',
          },
        ];
  });
}

/** By the first known way of attack among the names; a stopped request is a low one without. */
function judged(rule: string, names: readonly string[], isStopped: boolean): readonly MatchedRule[] {
  for (const name of names) {
    const way = WAYS.find(([pattern]) => pattern.test(name));
    if (way !== undefined) {
      const [, severity, technique] = way;
      return [{ rule, severity, techniques: technique === null ? [] : [technique], whyNoAttack: null }];
    }
  }
  return isStopped ? [{ rule, severity: 'low', techniques: [], whyNoAttack: null }] : [];
}

function labelsOf(record: JsonObject): readonly string[] {
  return asArray(record.labels).flatMap((label) => asText(asObject(label)?.name) ?? []);
}
