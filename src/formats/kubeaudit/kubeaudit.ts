import { asText, type JsonObject } from '#base/json-value.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { firstEntry } from '../reading/json-entries.ts';
import { isIdentityKind } from '../reading/kubernetes-kinds.ts';
import { postureFinding } from '../reading/posture-finding.ts';
import { type EntryReading, readLooseEntries } from '../reading/read-entries.ts';

/** JSON lines of kubeaudit: what workloads of a cluster ask for. */
export const kubeaudit: ReportFormat = {
  id: 'kubeaudit',
  title: 'kubeaudit (JSON lines)',
  command: 'kubeaudit all --format json > kubeaudit.json',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  const result = firstEntry(head, []);
  return asText(result?.AuditResultName) !== undefined && asText(result?.level) !== undefined;
}

/** Each line is a failure, so what is not there may have been left out. */
async function* read(input: ReportInput, { cluster }: ReadContext): AsyncGenerator<ReportItem> {
  yield {
    kind: 'scan',
    scan: { tool: 'kubeaudit', time: null, scope: { is: 'cluster', cluster }, coverage: 'none' },
  };
  yield* readLooseEntries(input, [], 'a result', (result) => mapResult(result, cluster), 'silent');
}

/** Checks of good order, none of security. */
const OTHER = /^(?:Limits|DeprecatedAPIUsed|ImageTag)/;

function mapResult(result: JsonObject, cluster: string | null): EntryReading {
  const check = asText(result.AuditResultName);
  if (check === undefined) return 'a text in AuditResultName was expected';
  const objectKind = asText(result.ResourceKind);
  const name = asText(result.ResourceName);
  if (objectKind === undefined || name === undefined)
    return 'a ResourceKind and a ResourceName were expected';
  const version = asText(result.ResourceApiVersion) ?? '';
  const container = asText(result.Container);
  return [
    {
      ...postureFinding({
        tool: 'kubeaudit',
        check,
        resource: {
          kind: 'kubernetes',
          cluster,
          group: version.includes('/') ? (version.split('/', 1)[0] ?? '') : '',
          objectKind,
          namespace: asText(result.ResourceNamespace) ?? '',
          name,
        },
        resourceKind: objectKind,
        isIdentity: isIdentityKind(objectKind),
        title: asText(result.msg),
        severity: severityOfWord(asText(result.level)),
        description: container === undefined ? undefined : `Container ${container.slice(0, 300)}.`,
      }),
      about: OTHER.test(check) ? 'other' : 'security',
    },
  ];
}
