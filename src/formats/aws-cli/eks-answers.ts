import { asObject, asText, asTexts, type JsonObject } from '#base/json-value.ts';
import type { Observation } from '#domain/finding/observation.ts';
import {
  ACCESS_ENTRY,
  ACCESS_ENTRY_LIST,
  ACCESS_POLICIES,
} from '#domain/resource/facts/aws-container-facts.ts';
import { type FactFields, trimFacts } from '#domain/resource/facts/fact-shape.ts';
import { accountNumber, parseArn } from '../reading/aws/aws-names.ts';
import { describeAwsLink } from '../reading/aws/aws-part.ts';
import type { Asked } from './asked.ts';
import type { ObjectCall } from './object-call.ts';
import { requestParameter } from './request-parameter.ts';

/** Answers about whom a cluster of EKS lets in, one line each. */
export const EKS_ANSWERS: readonly ObjectCall[] = [
  { members: ['accessEntries'], read: entryList },
  { members: ['accessEntry'], read: entry },
  { members: ['associatedAccessPolicies', 'principalArn'], read: policies },
];

/** All that a cluster lets in; a page tells of some, and so of nobody that he is gone. */
function entryList(answer: JsonObject, asked: Asked): readonly Observation[] {
  const cluster = requestParameter(asked.fileName, 'list-access-entries');
  if (cluster === undefined || asText(answer['nextToken']) !== undefined) return [];
  const facts = { clusterName: cluster, principalArns: [...asTexts(answer['accessEntries'])] };
  return link('eks-access-entry-list', ACCESS_ENTRY_LIST, cluster, facts, asked);
}

function entry(answer: JsonObject, asked: Asked): readonly Observation[] {
  const facts = asObject(answer['accessEntry']) ?? {};
  const arn = parseArn(asText(facts['accessEntryArn']));
  return ofPrincipal('eks-access-entry', ACCESS_ENTRY, facts, {
    ...asked,
    place: {
      account: accountNumber(arn?.account) ?? asked.place.account,
      region: arn?.region || asked.place.region,
    },
  });
}

function policies(answer: JsonObject, asked: Asked): readonly Observation[] {
  if (asText(answer['nextToken']) !== undefined) return [];
  return ofPrincipal('eks-access-policies', ACCESS_POLICIES, answer, asked);
}

/** Some versions do not repeat the cluster; the file's name may. */
function ofPrincipal(
  type: string,
  shape: FactFields,
  answer: JsonObject,
  asked: Asked,
): readonly Observation[] {
  const principal = asText(answer['principalArn']);
  const call = type === 'eks-access-entry' ? 'describe-access-entry' : 'list-associated-access-policies';
  const cluster = asText(answer['clusterName']) ?? requestParameter(asked.fileName, call);
  if (principal === undefined || cluster === undefined) return [];
  return link(type, shape, `${cluster}/${principal}`, { ...answer, clusterName: cluster }, asked);
}

function link(
  type: string,
  shape: FactFields,
  name: string,
  facts: JsonObject,
  { place }: Asked,
): readonly Observation[] {
  return [describeAwsLink(type, name, trimFacts(shape, facts), place)];
}
