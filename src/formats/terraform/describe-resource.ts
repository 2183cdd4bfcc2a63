import type { JsonObject } from '#base/json-value.ts';
import type { Observation, ResourceObservation } from '#domain/finding/observation.ts';
import { partitionOfRegion } from '#domain/resource/aws-region.ts';
import { accountNumber, parseArn, readTags } from '../reading/aws/aws-names.ts';
import { describeAwsLink, describeAwsPart } from '../reading/aws/aws-part.ts';
import { type AwsPlace, describeAwsResource } from '../reading/aws/describe-aws-resource.ts';
import { secondHand } from '../reading/aws/second-hand.ts';
import { readerOf } from './aws-types.ts';
import type { FirstLook } from './first-look.ts';
import type { JoinedPieces, JoinedResource } from './join-pieces.ts';
import { describeOtherCloud } from './other-clouds.ts';
import type { Piece } from './piece.ts';
import type { StateResource } from './state-resource.ts';
import { text, texts, wrapped } from './values.ts';

/**
 * What a resource that is there today says by itself. Resources of AWS are only put into `pieces`, because
 * others of the same state may add to them.
 */
export function readResource(
  from: StateResource,
  look: FirstLook,
  pieces: JoinedPieces,
): readonly Observation[] {
  const { type, values } = from;
  const place = placeOf(values, look);
  const reader = readerOf(type);
  if (reader === undefined) {
    if (type === 'aws_db_subnet_group') addSubnetGroup(values, pieces);
    const other = otherResource(from, look);
    return other === undefined ? [] : [situated(other, from, look)];
  }
  const read = reader(values, { account: place.account, partition: partitionOfRegion(place.region) });
  return read.flatMap((piece) => observePiece(piece, from, place, pieces));
}

function observePiece(
  piece: Piece,
  from: StateResource,
  place: AwsPlace,
  pieces: JoinedPieces,
): readonly Observation[] {
  switch (piece.is) {
    case 'resource':
      pieces.add(piece.type, withTags(piece.facts, from.values), from);
      return [];
    case 'added':
      pieces.addTo(piece);
      return [];
    case 'part': {
      const where = piece.type === 's3-bucket' ? { ...place, region: undefined } : place;
      return [secondHand(describeAwsPart(piece.type, piece.of, piece.what, piece.facts, where))];
    }
    case 'spelling':
      pieces.spell(piece.id, piece.text);
      return [];
    case 'link':
      if (piece.type !== 'api-route') return [secondHand(linkOf(piece.type, piece.name, piece.facts, place))];
      pieces.addRoute(piece.name, piece.facts, place);
      return [];
  }
}

/** The routes of APIs, once all of their state was read. */
export function describeRoutes(pieces: JoinedPieces): readonly Observation[] {
  return pieces
    .routes()
    .map(({ name, facts, place }) => secondHand(describeAwsLink('api-route', name, facts, place)));
}

/** A resource that was joined, once all of its state was read. */
export function describeJoined(
  { type, facts, from }: JoinedResource,
  look: FirstLook,
): readonly Observation[] {
  const described = describeAwsResource(type, facts, placeOf(from.values, look));
  return described === undefined ? [] : [situated(described, from, look)];
}

/**
 * A resource that a plan will make. Nothing of what it will be is so today: it has a key, a name, tags and no
 * facts. The key is the cloud's where its parts are known already, else its address in its state (attack-paths §1.1).
 */
export function describePlanned(from: StateResource, look: FirstLook): readonly Observation[] {
  const { type, values, address } = from;
  const place = placeOf(values, look);
  const reader = readerOf(type);
  const pieces =
    reader?.(values, { account: place.account, partition: partitionOfRegion(place.region) }) ?? [];
  const [piece] = pieces;
  if (piece?.is === 'resource') {
    const described = describeAwsResource(piece.type, withTags(piece.facts, values), place);
    const isWhole = described?.resource.kind === 'cloud' && described.resource.id.startsWith('arn:');
    if (described !== undefined && isWhole && !hasPath(values))
      return [situated({ ...described, facts: {} }, from, look)];
    const name = described?.name ?? text(values, 'name') ?? address;
    return [situated(byAddress(piece.type, name, values, look, address), from, look)];
  }
  // A rule, an attachment or a policy is a part of another resource and none of its own.
  if (reader !== undefined) return [];
  const other = otherResource(from, look);
  if (other !== undefined) return [situated(other, from, look)];
  if (!/^(?:aws|azurerm|google)_/.test(type)) return [];
  return [
    situated(byAddress(kindOf(type), text(values, 'name') ?? address, values, look, address), from, look),
  ];
}

function byAddress(
  type: string,
  name: string,
  values: JsonObject,
  { state, account, region }: FirstLook,
  address: string,
): ResourceObservation {
  const tags = readTags(values['tags_all'] ?? values['tags'] ?? values['labels']);
  return {
    kind: 'resource',
    resource: { kind: 'cloud', provider: 'other', id: `${state}#${address}`, type, name },
    type,
    name,
    account,
    region,
    ...(tags === undefined ? {} : { tags }),
    facts: {},
  };
}

/** A resource whose type is not read: its id, name and tags. */
function otherResource(
  { type, values, address }: StateResource,
  look: FirstLook,
): ResourceObservation | undefined {
  if (!type.startsWith('aws_')) return describeOtherCloud(type, values);
  const arnText = text(values, 'arn');
  const arn = parseArn(arnText);
  if (arn === null || arnText === undefined) return undefined;
  const { account, region } = placeOf(values, look);
  const name = text(values, 'name') ?? address;
  const tags = readTags(values['tags_all'] ?? values['tags']);
  return {
    kind: 'resource',
    resource: { kind: 'cloud', provider: 'aws', id: arnText, type: kindOf(type), name, account, region },
    type: kindOf(type),
    name,
    account,
    region,
    ...(tags === undefined ? {} : { tags }),
    facts: {},
  };
}

function kindOf(type: string): string {
  return type.replace(/^aws_/, '').replaceAll('_', '-').slice(0, 100);
}

/** Where it is described, and the address by which plans of the same state know it. */
function situated(
  observation: ResourceObservation,
  { address }: StateResource,
  look: FirstLook,
): ResourceObservation {
  const own = `${look.state}#${address}`;
  // A key of `for_each` is a text, whatever it says.
  const modules =
    address
      .replace(/\["(?:[^"\\]|\\.)*"\]/g, '')
      .match(/module\.[^.[]+/g)
      ?.join('/') ?? '';
  const isItself = observation.resource.kind === 'cloud' && observation.resource.id === own;
  return {
    ...observation,
    isSecondHand: true,
    describedIn: modules === '' ? look.path : `${look.path}/${modules}`,
    ...(isItself ? {} : { aliases: [...(observation.aliases ?? []), { text: own, confidence: 1 }] }),
  };
}

function placeOf(values: JsonObject, look: FirstLook): AwsPlace {
  const arn = parseArn(text(values, 'arn'));
  return {
    account: accountNumber(arn?.account) ?? accountNumber(values['owner_id']) ?? look.account,
    region: arn?.region || look.region,
  };
}

function withTags(facts: JsonObject, values: JsonObject): JsonObject {
  const tags = readTags(values['tags_all'] ?? values['tags']);
  return tags === undefined ? facts : { ...facts, Tags: { ...tags } };
}

/** The path of a user or role is a part of its ARN that a pattern does not know. */
function hasPath(values: JsonObject): boolean {
  const path = text(values, 'path');
  return path !== undefined && path !== '/' && text(values, 'arn') === undefined;
}

function linkOf(type: string, name: string, facts: JsonObject, place: AwsPlace): ResourceObservation {
  if (name !== '') return describeAwsLink(type, name, facts, place);
  // A setting of the whole account, under its type alone.
  const account = place.account === undefined ? {} : { account: place.account };
  return {
    kind: 'resource',
    resource: { kind: 'cloud', provider: 'aws', id: type, type, name: type, ...account },
    type,
    name: type,
    account: place.account,
    facts,
  };
}

function addSubnetGroup(values: JsonObject, pieces: JoinedPieces): void {
  const name = text(values, 'name');
  const subnets = wrapped(texts(values, 'subnet_ids'), 'SubnetIdentifier');
  if (name === undefined || subnets === undefined) return;
  const vpc = text(values, 'vpc_id');
  pieces.addSubnetGroup(name, { ...(vpc === undefined ? {} : { VpcId: vpc }), Subnets: subnets });
}
