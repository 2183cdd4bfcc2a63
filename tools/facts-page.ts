import type { JsonObject } from '../src/base/json-value.ts';
import * as azure from '../src/domain/resource/facts/azure-facts.ts';
import type { FactFields, FactShape } from '../src/domain/resource/facts/fact-shape.ts';
import { LIST_CALLS } from '../src/formats/aws-cli/calls.ts';
import { OBJECT_CALLS } from '../src/formats/aws-cli/objects.ts';
import { AZURE_KINDS } from '../src/formats/azure-resource-graph/azure-kinds.ts';
import { GCP_KINDS } from '../src/formats/gcp-asset-inventory/gcp-kinds.ts';
import { AWS_KINDS } from '../src/formats/reading/aws/aws-kinds.ts';
import { TERRAFORM_TYPES } from '../src/formats/terraform/aws-types.ts';
import type { ReadValues } from '../src/formats/terraform/piece.ts';
import { GRAPH_KINDS } from './graph-kinds.ts';

const HEAD = `# Facts

What inventories of clouds are kept of, member by member: written by \`tools/write-facts-page.ts\` from the shapes in \`src/domain/resource/facts\`. Names are
those of the cloud's own interface (of Azure with every \`properties\` lifted into the object around it), whatever inventory they came from. A list is marked \`[]\`, a policy of
IAM is kept with its statements. Everything else that an answer holds is left out before anything is stored: user data, environments,
passwords, keys.
`;

/** The reference page of what is kept of cloud resources, as `docs/reference/facts.md` has it. */
export function factsPage(): string {
  const aws = Object.entries(AWS_KINDS).map(([type, { id, arn, name, shape }]) =>
    row(type, [...new Set([arn, id, name].flatMap((member) => member ?? []))], shape),
  );
  const entra: readonly (readonly [string, FactFields])[] = [
    ['entra-user, entra-group, entra-service-principal', azure.ENTRA_PRINCIPAL],
    ['entra-membership, entra-membership-eligibility', azure.ENTRA_MEMBERSHIP],
    ['entra-application', azure.ENTRA_APPLICATION],
    ['entra-consent', azure.ENTRA_CONSENT],
    ['entra-role-assignment, entra-role-eligibility', azure.ENTRA_ROLE_ASSIGNMENT],
  ];
  const azureRows = [...AZURE_KINDS].map(([told, { type, shape }]) => row(type, [told], shape));
  const others = row('any other', [], azure.ANY_RESOURCE);
  const gcp = Object.entries(GCP_KINDS).map(([told, { type, shape }]) => row(type, [told], shape));
  return [
    HEAD,
    section('AWS', 'named by', aws),
    answersSection(),
    section('Azure', 'type in Azure', [
      ...azureRows,
      ...entra.map(([type, shape]) => row(type, [], shape)),
      others,
    ]),
    section('Google Cloud', 'type in Google Cloud', gcp),
    terraformSection(),
    kindsSection(),
  ].join('\n');
}

function section(title: string, told: string, rows: readonly string[]): string {
  return `## ${title}\n\n| type | ${told} | members that are kept |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function row(type: string, told: readonly string[], shape: FactFields): string {
  const members = membersOf(shape).map(code).join(', ');
  return `| ${type} | ${told.map(code).join(', ') || '-'} | ${members || '-'} |`;
}

function membersOf(shape: FactFields): readonly string[] {
  return Object.entries(shape).flatMap(([name, inner]) => pathsOf(name, inner));
}

function pathsOf(path: string, shape: FactShape): readonly string[] {
  if (typeof shape === 'string') return [path];
  if (Array.isArray(shape)) return pathsOf(`${path}[]`, (shape as readonly [FactShape])[0]);
  return Object.entries(shape as FactFields).flatMap(([name, inner]) => pathsOf(`${path}.${name}`, inner));
}

function code(text: string): string {
  return `\`${text}\``;
}

/** Which answers of the AWS CLI are known, and by what. */
function answersSection(): string {
  const lists = LIST_CALLS.map(
    ({ key, proof, inner, type }) =>
      `| ${code(key)} | ${[...(inner === undefined ? [] : [inner]), ...(proof ?? [])].map(code).join(', ') || 'texts'} | ${type ?? '-'} |`,
  );
  const objects = OBJECT_CALLS.map(({ members }) => `| ${members.map(code).join(', ')} | - | - |`);
  return `## Answers of the AWS CLI\n\nKnown by the members at the top and, of a list, by what its elements hold.\n\n| members at the top | of each element | type |\n|---|---|---|\n${[...lists, ...objects].join('\n')}\n`;
}

/** What of the graph of resources each type is, and why some kinds need none. */
function kindsSection(): string {
  const rows = Object.entries(GRAPH_KINDS).flatMap(([group, kinds]) =>
    kinds.map(
      ({ kind, types, why }) =>
        `| ${group} | ${kind} | ${types.map(code).join(', ') || '-'} | ${why ?? ''} |`,
    ),
  );
  return `## Kinds of the graph\n\nThe types that are read of each kind of thing, and why some need none.\n\n| group | kind | types | |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function terraformSection(): string {
  const rows = [...TERRAFORM_TYPES].map(
    ([type, read]) => `| ${type} | ${attributesOf(read).map(code).join(', ') || '-'} |`,
  );
  return `## Terraform\n\nAttributes of the AWS provider that become facts of the types above; of other providers id, name, region and tags.\n\n| type | attributes that are read |\n|---|---|\n${rows.join('\n')}\n`;
}

/** Which attributes a reader asks for where every one is a block, and where every one is a text; of rules it reads those for `ingress`. */
function attributesOf(read: ReadValues): readonly string[] {
  const asked = new Set<string>();
  const values = (above: string, told: string | null): JsonObject =>
    new Proxy<JsonObject>(
      {},
      {
        get: (_, name) => {
          const path = above + String(name);
          asked.add(path);
          if (told !== null) return told;
          return path.length < PATH_MAX ? [values(`${path}[].`, null)] : undefined;
        },
      },
    );
  for (const told of [null, 'x', 'ingress'])
    read(values('', told), { account: '1'.repeat(12), partition: 'aws' });
  return [...asked].filter((path) => ![...asked].some((other) => other.startsWith(`${path}[].`))).sort();
}

const PATH_MAX = 100;
